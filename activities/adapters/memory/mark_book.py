"""The in-memory twin of the MarkBook."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.memory.corrections import MemoryCorrections, MemoryItem
from schema.failures import Failure, FailureType
from schema.grading import Answer, ItemMark, RoundResult
from schema.marking import total
from schema.publication import Score, subject_of, told_by_round
from schema.sitting.counting import HandedIn, SittingPlace, place_of
from schema.task import CompleteRound, EssayMarked, GradingInput


class MemoryMarkBook:
    """Implements MarkBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def write_round(
        self, grading: GradingInput, items: Sequence[ItemMark], answers: Sequence[Answer]
    ) -> None:
        """Write a round's items; a written item is not changed."""
        key = (grading.attempt_id, grading.round_number)
        written = self._corrections.rounds.setdefault(key, {})
        given = {answer.question_id: answer.value for answer in answers}
        round_before = (key[0], key[1] - 1)
        earlier = self._corrections.rounds.get(round_before, {}) if grading.carries_over else {}
        for item in items:
            seconds = self._corrections.seconds.get((grading.attempt_id, item.question_id), 0)
            before = earlier.get(item.question_id)
            mark, answer = item, given.get(item.question_id)
            if before is not None and item.earned is None and before.answer == answer:
                mark = before.mark if before.mark.by == "grader" else item
            written.setdefault(item.question_id, MemoryItem(mark, seconds, answer))

    async def write_essay(self, marked: EssayMarked, item: ItemMark) -> None:
        """Write a grader's mark; a written mark is not changed. Raises NOT_FOUND."""
        key = (marked.grading.attempt_id, marked.grading.round_number)
        found = self._corrections.rounds.get(key, {}).get(marked.question_id)
        if found is None:
            said = f"round {key[1]} of this attempt has no such question"
            raise Failure(FailureType.NOT_FOUND, said)
        if found.mark.earned is None:
            found.mark = item

    async def items(self, attempt_id: UUID, round_number: int) -> Sequence[ItemMark]:
        """The items of a round, by question id."""
        items = self._corrections.rounds.get((attempt_id, round_number), {})
        return [items[question_id].mark for question_id in sorted(items)]

    async def complete(self, request: CompleteRound) -> RoundResult:
        """Add up and publish once. Raises CONFLICT while an item has no mark, NOT_FOUND."""
        grading = request.grading
        key = (grading.attempt_id, grading.round_number)
        if key not in self._corrections.rounds:
            raise Failure(
                FailureType.NOT_FOUND, f"this attempt has no round {key[1]}; mark it first", attempt_id=key[0]
            )
        result = total(*key, await self.items(*key), grading.pass_mark)
        items = self._corrections.rounds[key]
        scores = [Score(items[question].mark, items[question].seconds) for question in sorted(items)]
        self._corrections.percents[grading.attempt_id] = result.percent
        told = told_by_round(result, scores, request.at, self._place(grading))
        self._corrections.outbox.publish(subject_of(grading), [told])
        return result

    def _place(self, grading: GradingInput) -> SittingPlace | None:
        windows = self._corrections.windows
        own = windows.get(grading.attempt_id)
        if grading.counting is None or own is None or own.started_at is None:
            return None
        marked = [
            HandedIn(attempt_id, windows[attempt_id].started_at or own.started_at, percent)
            for attempt_id, percent in self._corrections.percents.items()
            if attempt_id in windows
            and (windows[attempt_id].exam_id, windows[attempt_id].student_id)
            == (grading.exam_id, grading.student_id)
        ]
        return place_of(grading.attempt_id, grading.counting, marked)
