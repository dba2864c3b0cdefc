"""How the body of a command becomes its fields, where more than copying is needed."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.exam_catalog import SqlExamCatalog
from api.context import Context
from api.reservations.shape import Objection, OtherSlot, StepDone
from schema.attempt import Phase
from schema.db.tables.reservations import AppealRow, AttemptRow, SlotRow
from schema.db.tables.users import Person
from schema.exam import CheckInStep
from schema.failures import Failure, FailureType
from schema.lifecycle import SlotWindow
from schema.model import Message
from schema.reservation import bookable_until
from schema.sitting.word import on

Body = TypeVar("Body", bound=Message)


@dataclass(frozen=True, slots=True)
class Wish(Generic[Body]):
    """What is asked of an attempt. `operation` is derived from the request: name by it what must exist once."""

    context: Context
    row: AttemptRow
    body: Body
    operation: UUID


async def as_sent(wish: Wish[Message]) -> dict[str, Any]:
    """The body's own fields."""
    return {name: getattr(wish.body, name) for name in type(wish.body).model_fields}


async def in_time(wish: Wish[Message]) -> dict[str, Any]:
    """Nothing. Raises ILLEGAL_MOVE where who confirms would be absent at once, which costs a sitting.

    A seat that is kept beyond its time, because the platform was away, is left to the workflow.
    """
    row, now = wish.row, wish.context.now()
    if row.phase == Phase.HELD and now < row.hold_until:
        async with wish.context.databases.reservations.read() as session:
            slot = await session.get_one(SlotRow, row.slot_id)
        await _check_can_begin(wish, slot)
    return {}


async def _check_can_begin(wish: Wish[Any], slot: SlotRow) -> None:
    catalog = SqlExamCatalog(wish.context.databases.reservations)
    policy = (await catalog.exam(wish.row.exam_id, wish.row.exam_version)).policy
    if wish.context.now() >= bookable_until(slot.starts_at, slot.ends_at, policy):
        message = f"the slot {on(slot.starts_at)} can no longer be begun; choose a later one"
        raise Failure(FailureType.ILLEGAL_MOVE, message)


async def slot_window(wish: Wish[OtherSlot]) -> dict[str, Any]:
    """The window of the slot to move to. Raises NOT_FOUND, ILLEGAL_MOVE, and SLOT_FULL as a courtesy."""
    async with wish.context.databases.reservations.read() as session:
        slot = await session.get(SlotRow, wish.body.slot_id)
    if slot is None or slot.exam_id != wish.row.exam_id:
        message = "this exam has no such slot; choose one of its slots"
        raise Failure(FailureType.NOT_FOUND, message, field="/slot_id")
    if wish.row.slot_id != slot.slot_id:
        await _check_can_begin(wish, slot)
    if slot.seats_taken >= slot.seats and wish.row.seat_slot_id != slot.slot_id:
        message = f"all {slot.seats} seats of the slot {on(slot.starts_at)} are taken; choose another slot"
        raise Failure(FailureType.SLOT_FULL, message)
    window = SlotWindow(slot_id=slot.slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
    return {"slot": window}


async def with_extra_time(wish: Wish[Message]) -> dict[str, Any]:
    """The accommodation as it is now: what was granted since the reservation counts."""
    async with wish.context.databases.users.read() as session:
        student = await session.get(Person, wish.row.student_id)
    return {"duration_factor": student.duration_factor if student is not None else None}


async def step_without_photo(wish: Wish[StepDone]) -> dict[str, Any]:
    """The step, unless it needs a picture."""
    if wish.body.step is CheckInStep.IDENTITY_PHOTO:
        message = "send the picture itself to …/check-in/identity-photo; that records the step"
        raise Failure(FailureType.INVALID, message, field="/step")
    return {"step": wish.body.step}


async def stored_appeal(wish: Wish[Objection]) -> dict[str, Any]:
    """The id of the appeal's text, which is stored first; workflows carry no text of people."""

    async def work(session: AsyncSession) -> None:
        if await session.get(AppealRow, wish.operation) is None:
            appeal = AppealRow(appeal_id=wish.operation, attempt_id=wish.row.attempt_id, text=wish.body.text)
            appeal.created_at = wish.context.now()
            session.add(appeal)

    await wish.context.databases.reservations.run(work)
    return {"appeal_id": wish.operation}
