"""Answers that came after a deadline which was moved afterwards, because the platform gave back what it took."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import answer_of, counted_row
from schema.db.tables.corrections import AnswerRow, LateAnswerRow
from schema.grading import AnswerStanding


async def count_in_time(session: AsyncSession, attempt_id: UUID, until: datetime | None) -> None:
    """Let those count that arrived until then, or all: the newest of each question; older ones are gone with it."""
    mine = select(LateAnswerRow).where(
        LateAnswerRow.attempt_id == attempt_id, LateAnswerRow.accepted_at.is_(None)
    )
    if until is not None:
        mine = mine.where(LateAnswerRow.received_at <= until)
    for late in await session.scalars(mine.order_by(LateAnswerRow.epoch, LateAnswerRow.revision)):
        counted = await session.get(AnswerRow, (attempt_id, late.question_id))
        if counted is None or (counted.epoch, counted.revision) < (late.epoch, late.revision):
            answer = answer_of(late).model_copy(update={"standing": AnswerStanding.COUNTED})
            await session.merge(counted_row(answer, counted.seconds if counted is not None else 0))
        await session.delete(late)
