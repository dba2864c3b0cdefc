"""The in-memory twin of the AnswerBook."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.memory.corrections import MemoryCorrections
from schema.failures import Failure, FailureType
from schema.fence import judge, written_at
from schema.grading import Answer, AnswerStanding
from schema.lifecycle import WindowProjection


class MemoryAnswerBook:
    """Implements AnswerBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def save(self, answer: Answer, max_seconds: int = 0) -> Answer:
        """Store one revision. Raises DEADLINE_PASSED, NOT_FOUND, ILLEGAL_MOVE."""
        window = self._corrections.windows.get(answer.attempt_id)
        if window is None:
            raise Failure(
                FailureType.NOT_FOUND, f"attempt {answer.attempt_id} takes no answers; start it first"
            )
        key = (answer.attempt_id, answer.question_id)
        revision = (*key, answer.epoch, answer.revision)
        counted = self._corrections.answers.get(key)
        if counted is not None and (counted.epoch, counted.revision) >= (answer.epoch, answer.revision):
            return counted
        if revision in self._corrections.late:
            return self._corrections.late[revision]
        judged = answer.model_copy(update={"standing": judge(window, answer)})
        if judged.standing is AnswerStanding.LATE:
            self._corrections.late[revision] = judged
        else:
            self._add_seconds(window, answer, max_seconds)
            self._corrections.answers[key] = judged
        return judged

    async def snapshot(self, attempt_id: UUID) -> Sequence[Answer]:
        """All counted answers, accepted late ones included, by question."""
        late = [answer for key, answer in self._corrections.late.items() if key in self._corrections.accepted]
        candidates = [*self._corrections.answers.values(), *late]
        found = [answer for answer in candidates if answer.attempt_id == attempt_id]
        found.sort(key=lambda answer: (answer.epoch, answer.revision))
        newest = {answer.question_id: answer for answer in found}
        return [newest[question_id] for question_id in sorted(newest)]

    def _add_seconds(self, window: WindowProjection, answer: Answer, at_most: int) -> None:
        key = (answer.attempt_id, answer.question_id)
        earlier = [
            known for known in self._corrections.answers.values() if known.attempt_id == answer.attempt_id
        ]
        began = window.started_at or answer.received_at
        since = max((known.answered_at for known in earlier), default=began)
        passed = int((written_at(answer) - since).total_seconds())
        spent = min(max(passed, 0), at_most)
        self._corrections.seconds[key] = self._corrections.seconds.get(key, 0) + spent
