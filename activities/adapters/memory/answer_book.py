"""The in-memory twin of the AnswerBook."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.memory.corrections import MemoryCorrections
from schema.aftermath.late import AcceptedLate
from schema.aftermath.meant import is_meant
from schema.failures import Failure, FailureType
from schema.fence import check_after, check_epoch, check_room, end_of, judge
from schema.grading import Answer, AnswerStanding
from schema.lifecycle import WindowProjection


class MemoryAnswerBook:
    """Implements AnswerBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def begin_epoch(self, attempt_id: UUID, after: int | None = None) -> int:
        """The next epoch."""
        self._window(attempt_id)
        check_after(after, self._corrections.epochs.get(attempt_id, 0))
        self._corrections.epochs[attempt_id] = self._corrections.epochs.get(attempt_id, 0) + 1
        return self._corrections.epochs[attempt_id]

    async def save(self, answer: Answer, max_seconds: int = 0, *, is_shown: bool = False) -> Answer:
        """Store one revision. Raises DEADLINE_PASSED, NOT_FOUND, ILLEGAL_MOVE, INVALID."""
        kept = self._corrections
        window = self._window(answer.attempt_id)
        check_epoch(answer, kept.epochs.get(answer.attempt_id, 0))
        key = (answer.attempt_id, answer.question_id)
        revision = (*key, answer.epoch, answer.revision)
        counted = kept.answers.get(key)
        if counted is not None and (counted.epoch, counted.revision) >= (answer.epoch, answer.revision):
            return counted
        standing = judge(window, answer, is_sealed=answer.attempt_id in kept.sealed)
        judged = answer.model_copy(update={"standing": standing})
        if standing is AnswerStanding.LATE:
            if revision not in kept.late:
                known = sum(late[:2] == key for late in kept.late)
                check_room(judged, window, known, is_shown=is_shown)
            return kept.late.setdefault(revision, judged)
        kept.late.pop(revision, None)
        self._add_seconds(window, answer, max_seconds)
        kept.answers[key] = judged
        return judged

    async def snapshot(self, attempt_id: UUID) -> Sequence[Answer]:
        """All counted answers, accepted late ones included, by question."""
        window = self._corrections.windows.get(attempt_id)
        if window is not None and not window.is_open:
            self._corrections.sealed.add(attempt_id)
        late = [answer for key, answer in self._corrections.late.items() if key in self._corrections.accepted]
        candidates = [*self._corrections.answers.values(), *late]
        found = [answer for answer in candidates if answer.attempt_id == attempt_id]
        found.sort(key=lambda answer: (answer.epoch, answer.revision))
        newest = {answer.question_id: answer for answer in found}
        return [newest[question_id] for question_id in sorted(newest)]

    async def accept(self, accepted: AcceptedLate) -> int:
        """Let late answers count."""
        kept, number = self._corrections, 0
        window = self._window(accepted.attempt_id)
        for key, answer in kept.late.items():
            if answer.attempt_id == accepted.attempt_id and is_meant(accepted, answer, end_of(window)):
                kept.accepted.setdefault(key, accepted.at)
                number += kept.accepted[key] == accepted.at
        return number

    def _window(self, attempt_id: UUID) -> WindowProjection:
        window = self._corrections.windows.get(attempt_id)
        if window is None:
            raise Failure(FailureType.NOT_FOUND, "this attempt takes no answers; start it first")
        return window

    def _add_seconds(self, window: WindowProjection, answer: Answer, at_most: int) -> None:
        key = (answer.attempt_id, answer.question_id)
        earlier = [
            known for known in self._corrections.answers.values() if known.attempt_id == answer.attempt_id
        ]
        began = window.started_at or answer.received_at
        since = max((known.received_at for known in earlier), default=began)
        passed = int((answer.received_at - since).total_seconds())
        spent = min(max(passed, 0), at_most)
        self._corrections.seconds[key] = self._corrections.seconds.get(key, 0) + spent
