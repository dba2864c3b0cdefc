"""Late answers: they arrived after the end, and are unmarked until an admin accepts them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import answer_of
from api.access.act import act_of, carried_out
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.corrections.attempt import AttemptFacts, attempt_facts
from api.security import require
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.aftermath.late import AcceptLate, LateRevision
from schema.db.tables.corrections import AnswerWindow, LateAnswerRow, MarkingRound
from schema.failures import Failure, FailureType
from schema.grading import AnswerValue
from schema.ids import NAMESPACE, attempt_workflow_id
from schema.journal import ActKind, ActSubject
from schema.lifecycle import Actor, AttemptView
from schema.machine import ActorRole
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
    await refuse_blind(context, attempt_id, person)
    rows = select(LateAnswerRow).where(LateAnswerRow.attempt_id == attempt_id)
    async with context.databases.corrections.read() as session:
        return [_shown(row) for row in await session.scalars(rows.order_by(LateAnswerRow.received_at))]


@router.post("/{question_id}/accept")
async def accept_late_answer(
    attempt_id: UUID, question_id: UUID, acceptance: Acceptance, person: Admin, context: ContextOf
) -> LateAnswer:
    """Let a late answer count, until the result is released. Accepting it again changes nothing.

    Where marking has begun a new round follows by itself; while an appeal is open the answer counts in the
    round that the appeal may lead to. 409 once the result is released.
    """
    facts = await attempt_facts(context, attempt_id, person)
    if facts.student_id == person.person_id:
        raise Failure(FailureType.FORBIDDEN, "nobody decides about their own attempt; ask a colleague")
    revision = LateRevision(question_id=question_id, epoch=acceptance.epoch, revision=acceptance.revision)
    operation = f"accept-late/{question_id}/{revision.epoch}/{revision.revision}"

    async def accept() -> LateAnswer:
        shown = await _accept_before_marking(context, facts, revision, acceptance.reason, person)
        if shown is None:
            return await _accept_after_marking(context, facts, revision, operation, acceptance, person)
        return shown

    act = act_of(
        context,
        person,
        ActKind.LATE_ANSWER_ACCEPTED,
        ActSubject.ATTEMPT,
        attempt_id,
        act_id=uuid5(NAMESPACE, f"{attempt_id}/{operation}"),
        exam_id=facts.exam_id,
        reason=acceptance.reason,
        after={"question_id": str(question_id)},
    )
    return await carried_out(context, act, accept, lambda _: {})


async def _accept_after_marking(
    context: Context,
    facts: AttemptFacts,
    revision: LateRevision,
    operation: str,
    acceptance: Acceptance,
    person: CurrentPerson,
) -> LateAnswer:
    """Ask the attempt, which begins a new round."""
    actor = Actor(role=ActorRole.ADMIN, person_id=person.person_id)
    command = AcceptLate(operation_id=operation, actor=actor, revision=revision, reason=acceptance.reason)
    workflow_id = attempt_workflow_id(facts.attempt_id)
    await Workflows(context.temporal).update(workflow_id, "accept_late", command, operation, AttemptView)
    async with context.databases.corrections.read() as session:
        return _shown(await _found(session, facts, revision))


async def _accept_before_marking(
    context: Context, facts: AttemptFacts, revision: LateRevision, reason: str, person: CurrentPerson
) -> LateAnswer | None:
    """Accept it where the next snapshot is still to come; None where the attempt must be asked for a new round."""

    async def accept(session: AsyncSession) -> LateAnswer | None:
        window = await session.get(AnswerWindow, facts.attempt_id, with_for_update=True)
        row = await _found(session, facts, revision)
        if row.accepted_at is not None:
            return _shown(row)
        is_read = (window is not None and window.is_sealed) or await _is_marked(session, facts)
        if is_read and facts.release is Release.WITHHELD:
            return None
        if is_read and facts.release is not Release.APPEALED:
            said = f"the result is {facts.release}; this answer can count in a new round"
            raise Failure(
                FailureType.CONFLICT, f"{said}: accept it when the student has appealed, and ask for a remark"
            )
        row.accepted_by, row.accepted_at, row.accepted_reason = person.person_id, context.now(), reason
        return _shown(row)

    return await context.databases.corrections.run(accept)


async def _found(session: AsyncSession, facts: AttemptFacts, revision: LateRevision) -> LateAnswerRow:
    key = (facts.attempt_id, revision.question_id, revision.epoch, revision.revision)
    row = await session.get(LateAnswerRow, key)
    if row is None:
        raise Failure(FailureType.NOT_FOUND, "there is no such late answer; load the list again")
    return row


async def _is_marked(session: AsyncSession, facts: AttemptFacts) -> bool:
    return bool(await session.scalar(select(exists().where(MarkingRound.attempt_id == facts.attempt_id))))


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
