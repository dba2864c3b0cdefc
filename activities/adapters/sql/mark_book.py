"""Marks over `_corrections`: items of a round, a grader's marks, and the sum with its event."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.answer_row import document_of, item_of
from schema.db.outbox import CORRECTIONS, publish
from schema.db.session import Database
from schema.db.tables.corrections import AnswerRow, AnswerWindow, ItemMarkRow, MarkingRound
from schema.failures import Failure, FailureType
from schema.grading import Answer, ItemMark, RoundResult
from schema.marking import total
from schema.publication import Score, subject_of, told_by_round
from schema.sitting.counting import HandedIn, SittingPlace, place_of
from schema.task import CompleteRound, EssayMarked, GradingInput


class SqlMarkBook:
    """Implements MarkBook."""

    def __init__(self, corrections: Database, now: Now = utc_now) -> None:
        self._corrections = corrections
        self._now = now

    async def write_round(
        self, grading: GradingInput, items: Sequence[ItemMark], answers: Sequence[Answer]
    ) -> None:
        """Write a round's items with the answers that were marked; a written item is not changed."""

        async def work(session: AsyncSession) -> None:
            if await session.get(MarkingRound, (grading.attempt_id, grading.round_number)) is None:
                session.add(self._new_round(grading, items))
            spent = await _seconds(session, grading.attempt_id)
            given = {answer.question_id: document_of(answer) for answer in answers}
            written = {
                row.question_id for row in await _rows(session, grading.attempt_id, grading.round_number)
            }
            before = await _carried(session, grading)
            for item in items:
                if item.question_id not in written:
                    row = _new_item(grading, item)
                    row.answer, row.seconds = given.get(item.question_id), spent.get(item.question_id, 0)
                    _carry_over(before.get(item.question_id), row)
                    session.add(row)

        await self._corrections.run(work)

    async def write_essay(self, marked: EssayMarked, item: ItemMark) -> None:
        """Write a grader's mark of one item with its criteria; a written mark is not changed. Raises NOT_FOUND."""
        key = (marked.grading.attempt_id, marked.grading.round_number, marked.question_id)

        async def work(session: AsyncSession) -> None:
            row = await session.get(ItemMarkRow, key, with_for_update=True)
            if row is None:
                raise Failure(
                    FailureType.NOT_FOUND,
                    f"round {key[1]} of this attempt has no such question",
                    attempt_id=key[0],
                    question_id=key[2],
                )
            if row.earned is None:
                row.earned, row.explanation, row.marked_by = item.earned, item.explanation, item.by
                row.criteria = marked.decision.model_dump(mode="json")

        await self._corrections.run(work)

    async def items(self, attempt_id: UUID, round_number: int) -> Sequence[ItemMark]:
        """The items of a round, by question id."""
        async with self._corrections.read() as session:
            return [item_of(row) for row in await _rows(session, attempt_id, round_number)]

    async def complete(self, request: CompleteRound) -> RoundResult:
        """Add up and publish `grading_completed` once. Raises CONFLICT while an item has no mark, NOT_FOUND."""
        grading = request.grading
        key = (grading.attempt_id, grading.round_number)

        async def work(session: AsyncSession) -> RoundResult:
            round_ = await session.get(MarkingRound, key, with_for_update=True)
            if round_ is None:
                raise Failure(
                    FailureType.NOT_FOUND,
                    f"this attempt has no round {key[1]}; mark it first",
                    attempt_id=key[0],
                )
            rows = await _rows(session, *key)
            result = total(*key, [item_of(row) for row in rows], grading.pass_mark)
            if round_.completed_at is None:
                round_.earned, round_.points, round_.percent = result.earned, result.points, result.percent
                round_.passed, round_.completed_at = result.passed, request.at
                scores = [Score(item_of(row), row.seconds) for row in rows]
                told = told_by_round(result, scores, request.at, await _place(session, grading, result))
                await publish(session, CORRECTIONS, subject_of(grading), [told], self._now())
            return result

        return await self._corrections.run(work)

    def _new_round(self, grading: GradingInput, items: Sequence[ItemMark]) -> MarkingRound:
        return MarkingRound(
            attempt_id=grading.attempt_id,
            round_number=grading.round_number,
            points=sum((item.points for item in items), Decimal(0)),
            created_at=self._now(),
        )


async def _rows(session: AsyncSession, attempt_id: UUID, round_number: int) -> Sequence[ItemMarkRow]:
    of_round = select(ItemMarkRow).where(
        ItemMarkRow.attempt_id == attempt_id, ItemMarkRow.round_number == round_number
    )
    return (await session.scalars(of_round.order_by(ItemMarkRow.question_id))).all()


async def _carried(session: AsyncSession, grading: GradingInput) -> dict[UUID, ItemMarkRow]:
    """What graders gave in the round before, where this one carries it over."""
    if not grading.carries_over:
        return {}
    before = await _rows(session, grading.attempt_id, grading.round_number - 1)
    return {row.question_id: row for row in before if row.marked_by == "grader" and row.earned is not None}


def _carry_over(before: ItemMarkRow | None, row: ItemMarkRow) -> None:
    if before is None or row.earned is not None or before.answer != row.answer:
        return
    row.earned, row.explanation, row.marked_by = before.earned, before.explanation, before.marked_by
    row.criteria = before.criteria


async def _seconds(session: AsyncSession, attempt_id: UUID) -> dict[UUID, int]:
    rows = await session.scalars(select(AnswerRow).where(AnswerRow.attempt_id == attempt_id))
    return {row.question_id: row.seconds for row in rows}


async def _place(session: AsyncSession, grading: GradingInput, result: RoundResult) -> SittingPlace | None:
    """Among the student's sittings of the exam that are marked; None without a rule, or where nothing was written."""
    window, round_ = AnswerWindow, MarkingRound
    own = await session.get(window, grading.attempt_id)
    if grading.counting is None or own is None or own.started_at is None:
        return None
    query = (
        select(window.attempt_id, window.started_at, round_.percent)
        .join(round_, round_.attempt_id == window.attempt_id)
        .where(
            window.exam_id == grading.exam_id,
            window.student_id == grading.student_id,
            window.attempt_id != grading.attempt_id,
            window.started_at.is_not(None),
            round_.completed_at.is_not(None),
        )
        .order_by(round_.round_number)
    )
    marked = {
        row.attempt_id: HandedIn(row.attempt_id, row.started_at, row.percent)
        for row in await session.execute(query)
    }
    mine = HandedIn(grading.attempt_id, own.started_at, result.percent)
    return place_of(grading.attempt_id, grading.counting, [*marked.values(), mine])


def _new_item(grading: GradingInput, item: ItemMark) -> ItemMarkRow:
    return ItemMarkRow(
        attempt_id=grading.attempt_id,
        round_number=grading.round_number,
        question_id=item.question_id,
        earned=item.earned,
        points=item.points,
        explanation=item.explanation,
        marked_by=item.by,
    )
