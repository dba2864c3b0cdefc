"""Sittings over `_reservations`: what a student has used up, was given and gave up, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.attempt import Phase, Verb
from schema.db.tables.reservations import AttemptMove, AttemptRow, ExamRow, FurtherSitting, SlotRow
from schema.exam import ExamPolicy
from schema.failures import Failure, FailureType
from schema.machine import ActorRole
from schema.reservation import active_key_of
from schema.sitting.allowance import USES_ONE_UP, PastSitting, check_sittings
from schema.sitting.hoarding import WINDOW, GivenUp, check_hoarding

UNKNOWN_TITLE = "this exam"


async def check_may_reserve(
    session: AsyncSession, student_id: UUID, exam_id: UUID, policy: ExamPolicy, now: datetime
) -> None:
    """Raises ALREADY_RESERVED, SITTINGS_USED_UP, TOO_MANY_HOLDS.

    First the active attempt: one that ends meanwhile is then seen either as active or as used up.
    """
    exam = await session.get(ExamRow, exam_id)
    title = UNKNOWN_TITLE if exam is None else exam.title
    key = active_key_of(student_id, exam_id)
    active = await session.scalar(select(AttemptRow.attempt_id).where(AttemptRow.active_key == key))
    if active is not None:
        raise already_reserved(title, active)
    past = await past_sittings(session, student_id, exam_id)
    further = await further_sittings(session, student_id, exam_id)
    check_sittings(title, policy.attempts_allowed + further, past)
    check_hoarding(title, exam_id, await _given_up(session, student_id, now), now)


def already_reserved(title: str, attempt_id: UUID | None) -> Failure:
    """The student has an attempt at the exam that is not over."""
    extra = {} if attempt_id is None else {"attempt_id": str(attempt_id)}
    message = f"you already have a seat or a waiting place for “{title}”; use it, or cancel it before you book again"
    return Failure(FailureType.ALREADY_RESERVED, message, exam_title=title, **extra)


async def past_sittings(session: AsyncSession, student_id: UUID, exam_id: UUID) -> Sequence[PastSitting]:
    """Those that a student has used up, of all versions of the exam, oldest first."""
    phases = [phase.value for phase in USES_ONE_UP]
    query = (
        select(AttemptRow, SlotRow.starts_at)
        .outerjoin(SlotRow, SlotRow.slot_id == AttemptRow.slot_id)
        .where(
            AttemptRow.student_id == student_id, AttemptRow.exam_id == exam_id, AttemptRow.phase.in_(phases)
        )
        .order_by(AttemptRow.created_at, AttemptRow.attempt_id)
    )
    return [
        PastSitting(row.attempt_id, Phase(row.phase), starts_at, row.submitted_at)
        for row, starts_at in await session.execute(query)
    ]


async def further_sittings(session: AsyncSession, student_id: UUID, exam_id: UUID) -> int:
    """How many were given beyond those that the exam allows."""
    row = FurtherSitting
    query = select(func.count()).select_from(row).where(row.student_id == student_id, row.exam_id == exam_id)
    return await session.scalar(query) or 0


async def _given_up(session: AsyncSession, student_id: UUID, now: datetime) -> Sequence[GivenUp]:
    """By the student: what an admin cancelled, and a place that no seat came for, is not theirs."""
    move = AttemptMove
    by_student = and_(move.verb == Verb.CANCEL.value, move.actor_role == ActorRole.STUDENT.value)
    by_waiting = and_(move.verb == Verb.EXPIRE.value, move.source == Phase.HELD.value)
    query = (
        select(AttemptRow.exam_id, move.at)
        .join(move, move.attempt_id == AttemptRow.attempt_id)
        .where(AttemptRow.student_id == student_id, move.at > now - WINDOW, or_(by_student, by_waiting))
    )
    return [GivenUp(exam_id, at) for exam_id, at in await session.execute(query)]
