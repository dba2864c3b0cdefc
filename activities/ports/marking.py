"""Exams, answers and marks."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from schema import task
from schema.aftermath.late import AcceptedLate
from schema.exam import Exam
from schema.grading import Answer, ItemMark, RoundResult


class ExamCatalog(Protocol):
    """Frozen versions of exams (schema `_reservations`)."""

    async def exam(self, exam_id: UUID, version: int) -> Exam:
        """The whole exam, answer keys included. Raises NOT_FOUND."""


class AnswerBook(Protocol):
    """Answers (schema `_corrections`)."""

    async def begin_epoch(self, attempt_id: UUID, after: int | None = None) -> int:
        """Give a device its epoch, above all that were given before. Raises NOT_FOUND before the start.

        With `after` only if that was the last one given: raises CONFLICT.
        """

    async def save(self, answer: Answer, max_seconds: int = 0, *, is_shown: bool = False) -> Answer:
        """Store one revision on condition of the attempt's window, in one transaction.

        Returns it with its standing (COUNTED or LATE); an older or equal (epoch, revision) changes nothing
        and returns the stored one. `is_shown`: the student has seen the result, no late answer is kept.
        Raises DEADLINE_PASSED with the deadline (no late answer is kept any more), NOT_FOUND, ILLEGAL_MOVE
        (not started, paused, void), INVALID (an epoch that was never given).
        """

    async def snapshot(self, attempt_id: UUID) -> Sequence[Answer]:
        """All counted answers, accepted late ones included; of a closed window it is final (sealed)."""

    async def accept(self, accepted: AcceptedLate) -> int:
        """Let late answers count in the next snapshot; how many are accepted for this reason by now."""


class MarkBook(Protocol):
    """Marks (schema `_corrections`)."""

    async def write_round(
        self, grading: task.GradingInput, items: Sequence[ItemMark], answers: Sequence[Answer]
    ) -> None:
        """Write a round's items with the answers that were marked; a written item is not changed."""

    async def write_essay(self, marked: task.EssayMarked, item: ItemMark) -> None:
        """Write a grader's mark of one item with its criteria."""

    async def items(self, attempt_id: UUID, round_number: int) -> Sequence[ItemMark]:
        """The items of a round."""

    async def complete(self, request: task.CompleteRound) -> RoundResult:
        """Add up and publish `grading_completed` once. Raises CONFLICT while an item has no mark."""
