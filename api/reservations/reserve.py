"""Reserving: everything an attempt is frozen to is gathered here, then its workflow is started with it."""

import secrets
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.sitting import check_may_reserve
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.registry import Models
from api.reservations.shape import NewAttempt, ReservedAttempt
from api.reservations.waiting import places_of
from api.security import require
from api.standing import current_view, is_row_over, view_of
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.db.tables.reservations import AttemptRow, ExamRow, ExamVersion, ReservationsReceipt, SlotRow
from schema.db.tables.users import Person
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.given.fit import missing_time
from schema.ids import attempt_id_for
from schema.lifecycle import Actor, AttemptInput, Reserve, SlotWindow
from schema.machine import ActorRole
from schema.reservation import bookable_until
from schema.role import Role
from schema.sitting.word import on
from schema.version import RULES_VERSION

router = APIRouter(prefix="/attempts")

SEED_BITS = 48

Student = Annotated[CurrentPerson, require(Role.STUDENT)]


@router.post("", status_code=201, response_model=ReservedAttempt, summary="Reserve a seat")
async def reserve_attempt(
    body: NewAttempt, person: Student, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Hold a seat in a slot; confirm it before `hold_until`. A retry with the same key is the same attempt.

    With `join_waiting_list` a full slot is no refusal: the attempt waits, and moves up by itself.
    """
    receipt = Receipt(
        context.databases.reservations, ReservationsReceipt, person.person_id, "reserve", key, context.now()
    )
    attempt_id = attempt_id_for(person.person_id, key)
    return await receipt.once(body, lambda: _reserve(context, person, body, attempt_id, receipt.id), 201)


async def _reserve(
    context: Context, person: CurrentPerson, wanted: NewAttempt, attempt_id: UUID, operation: UUID
) -> ReservedAttempt:
    async with context.databases.reservations.read() as session:
        known = await session.get(AttemptRow, attempt_id)
        if known is not None:
            return await _reserved_before(context, session, known)
        exam = await _exam(session, wanted.exam_id, person)
        slot = await _slot(session, wanted, context.now(), exam)
        # Spares a workflow that would fail; the transaction of `hold_seat` decides.
        await check_may_reserve(session, person.person_id, exam.exam_id, exam.policy, context.now())
        _check_seats(slot, wanted, exam.title, context.now())
    async with context.databases.users.read() as session:
        student = await session.get_one(Person, person.person_id)
    promoted = await context.kept(Models).promoted()
    attempt = AttemptInput(
        attempt_id=attempt_id,
        organisation_id=person.organisation_id,
        exam_id=exam.exam_id,
        exam_version=exam.version,
        student_id=person.person_id,
        cohort_id=student.cohort_id,
        slot=SlotWindow(slot_id=slot.slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at),
        policy=exam.policy.model_copy(update={"detection": promoted.policy(exam.policy.detection)}),
        duration_factor=student.duration_factor,
        seed=secrets.randbits(SEED_BITS),
        rules_version=RULES_VERSION,
        model_version=promoted.version,
        models=promoted.models,
        may_wait=wanted.join_waiting_list,
        measures_coverage=True,
    )
    actor = Actor(role=ActorRole.STUDENT, person_id=person.person_id)
    view = await Workflows(context.temporal).reserve(
        attempt, Reserve(operation_id=str(operation), actor=actor)
    )
    async with context.databases.reservations.read() as session:
        places = await places_of(session, [attempt_id])
    missing = missing_time(exam.policy, student.duration_factor, slot.starts_at, slot.ends_at)
    return ReservedAttempt(**dict(view), waiting_place=places.get(attempt_id), missing_time=missing)


async def _reserved_before(context: Context, session: AsyncSession, row: AttemptRow) -> ReservedAttempt:
    """The attempt this key made: it is shown as it stands, and never started again, however old the key is."""
    view = view_of(row) if is_row_over(row) else await current_view(context, row.attempt_id)
    places = await places_of(session, [row.attempt_id])
    return ReservedAttempt(**dict(view), waiting_place=places.get(row.attempt_id))


async def _exam(session: AsyncSession, exam_id: UUID, person: CurrentPerson) -> Exam:
    row = await session.get(ExamRow, exam_id)
    if row is None or row.organisation_id != person.organisation_id or row.offered_version is None:
        message = "this exam cannot be booked; choose one from the list of exams"
        raise Failure(FailureType.NOT_FOUND, message, field="/exam_id", exam_id=exam_id)
    version = await session.get_one(ExamVersion, (exam_id, row.offered_version))
    return Exam.model_validate(version.content)


async def _slot(session: AsyncSession, wanted: NewAttempt, now: datetime, exam: Exam) -> SlotRow:
    slot = await session.get(SlotRow, wanted.slot_id)
    if slot is None or slot.exam_id != wanted.exam_id:
        message = f"“{exam.title}” has no such slot; choose one of its slots"
        raise Failure(FailureType.NOT_FOUND, message, field="/slot_id", slot_id=wanted.slot_id)
    if now >= bookable_until(slot.starts_at, slot.ends_at, exam.policy):
        message = (
            f"the slot of “{exam.title}” {on(slot.starts_at)} can no longer be booked; choose a later one"
        )
        raise Failure(FailureType.ILLEGAL_MOVE, message)
    return slot


def _check_seats(slot: SlotRow, wanted: NewAttempt, title: str, now: datetime) -> None:
    may_wait = wanted.join_waiting_list and now < slot.starts_at
    if slot.seats_taken >= slot.seats and not may_wait:
        message = f"all {slot.seats} seats of “{title}” {on(slot.starts_at)} are taken; choose another slot"
        raise Failure(FailureType.SLOT_FULL, message)
