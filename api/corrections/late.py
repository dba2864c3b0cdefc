"""Late answers: they arrived after the end, and are unmarked until an admin accepts them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import answer_of
from api.context import ContextOf
from api.corrections.attempt import AttemptFacts, attempt_facts
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.corrections import LateAnswerRow, MarkingRound
from schema.failures import Failure, FailureType
from schema.grading import AnswerValue
from schema.outcome import Release
from schema.review import Reason
from schema.role import Role

router = APIRouter(prefix="/attempts/{attempt_id}/late-answers")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


class LateAnswer(BaseModel):
    """A late answer, and who accepted it why."""

    question_id: UUID
    epoch: int
    revision: int
    value: AnswerValue | None
    answered_at: datetime = Field(description="What the device claims; it may say anything")
    received_at: datetime
    ended_at: datetime | None = Field(None, description="The end that it came after; null for an old one")
    late_by: timedelta | None = Field(None, description="How long after the end it arrived")
    accepted_by: UUID | None
    accepted_at: datetime | None
    reason: str


class Acceptance(BaseModel):
    """Which revision is accepted, and why."""

    model_config = ConfigDict(extra="forbid")

    epoch: Annotated[int, Field(ge=0, lt=2**31)]
    revision: Annotated[int, Field(ge=0, lt=2**31)]
    reason: Reason = Field(examples=["The school's network was down from 09:55 to 10:10"])


@router.get("")
async def list_late_answers(attempt_id: UUID, person: Admin, context: ContextOf) -> list[LateAnswer]:
    """All late answers of an attempt, oldest arrival first."""
    await attempt_facts(context, attempt_id, person)
    rows = select(LateAnswerRow).where(LateAnswerRow.attempt_id == attempt_id)
    async with context.databases.corrections.read() as session:
        return [_shown(row) for row in await session.scalars(rows.order_by(LateAnswerRow.received_at))]


@router.post("/{question_id}/accept")
async def accept_late_answer(
    attempt_id: UUID, question_id: UUID, acceptance: Acceptance, person: Admin, context: ContextOf
) -> LateAnswer:
    """Let a late answer count. Accepting it again changes nothing.

    Only before the attempt is marked, or while an appeal may lead to a new round; 409 otherwise.
    """
    facts = await attempt_facts(context, attempt_id, person)
    key = (attempt_id, question_id, acceptance.epoch, acceptance.revision)

    async def accept(session: AsyncSession) -> LateAnswer:
        row = await session.get(LateAnswerRow, key, with_for_update=True)
        if row is None:
            said = "there is no such late answer"
            raise Failure(FailureType.NOT_FOUND, f"{said}; load the list again")
        if row.accepted_at is None:
            await _check_unmarked(session, facts)
            row.accepted_by, row.accepted_at = person.person_id, context.now()
            row.accepted_reason = acceptance.reason
        return _shown(row)

    return await context.databases.corrections.run(accept)


async def _check_unmarked(session: AsyncSession, facts: AttemptFacts) -> None:
    is_marked = await session.scalar(select(exists().where(MarkingRound.attempt_id == facts.attempt_id)))
    if is_marked and facts.release is not Release.APPEALED:
        said = "this attempt is being marked or marked already; this answer can count in a new round"
        raise Failure(
            FailureType.CONFLICT, f"{said}: accept it when the student has appealed, and ask for a remark"
        )


def _shown(row: LateAnswerRow) -> LateAnswer:
    answer = answer_of(row)
    return LateAnswer(
        **answer.model_dump(include={"question_id", "epoch", "revision", "answered_at", "received_at"}),
        value=answer.value,
        ended_at=row.ended_at,
        late_by=row.received_at - row.ended_at if row.ended_at else None,
        accepted_by=row.accepted_by,
        accepted_at=row.accepted_at,
        reason=row.accepted_reason or "",
    )
