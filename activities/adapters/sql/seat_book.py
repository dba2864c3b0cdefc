"""Seats over `_reservations`: a seat is one conditional write, and the row count says who got it."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.reservation_row import new_attempt_row, new_move_row, slot_of, subject_of
from schema.attempt import Phase
from schema.db.outbox import RESERVATIONS, publish
from schema.db.session import Database
from schema.db.tables.reservations import AttemptRow, SlotRow
from schema.failures import Failure, FailureType
from schema.publication import told_by_step
from schema.reservation import active_key_of, first_step
from schema.task import HoldSeat, MoveSeat, ReleaseSeat, SeatReleased


class SqlSeatBook:
    """Implements SeatBook."""

    def __init__(self, reservations: Database, now: Now = utc_now) -> None:
        self._reservations = reservations
        self._now = now

    async def hold(self, request: HoldSeat) -> None:
        """Take a seat and write the attempt's row and first move. Raises SLOT_FULL, ALREADY_RESERVED, NOT_FOUND."""

        async def work(session: AsyncSession) -> None:
            if await session.get(AttemptRow, request.attempt.attempt_id) is None:
                await self._hold(session, request)

        try:
            await self._reservations.run(work)
        except IntegrityError as error:  # a unique key was taken between the look and the write
            if not await self._is_written(request.attempt.attempt_id):
                raise _already_reserved(request) from error

    async def move(self, request: MoveSeat) -> None:
        """Swap seats. Raises SLOT_FULL, NOT_FOUND."""

        async def work(session: AsyncSession) -> None:
            row = await session.get(AttemptRow, request.attempt_id, with_for_update=True)
            if row is None or row.seat_slot_id is None:
                raise Failure(
                    FailureType.NOT_FOUND, f"attempt {request.attempt_id} holds no seat that could move"
                )
            if row.seat_slot_id != request.to.slot_id:
                await _take_seat(session, request.to.slot_id, row.exam_id)
                await _free_seat(session, row.seat_slot_id)
                row.slot_id = row.seat_slot_id = request.to.slot_id
                row.updated_at = self._now()

        await self._reservations.run(work)

    async def release(self, request: ReleaseSeat) -> SeatReleased:
        """Give the seat back and clear `active_key`; the first waitlisted attempt of the slot gets the seat.

        Who got it is remembered, so that asking again gives the same answer.
        """

        async def work(session: AsyncSession) -> SeatReleased:
            row = await session.get(AttemptRow, request.attempt_id, with_for_update=True)
            if row is None:
                return SeatReleased()
            row.active_key, row.waitlist_number = None, None
            if row.seat_slot_id is not None:
                row.seat_passed_to = await _pass_on(session, row.seat_slot_id)
                row.seat_slot_id, row.updated_at = None, self._now()
            return SeatReleased(promoted_attempt_id=row.seat_passed_to)

        return await self._reservations.run(work)

    async def _hold(self, session: AsyncSession, request: HoldSeat) -> None:
        attempt = request.attempt
        key = active_key_of(attempt.student_id, attempt.exam_id)
        if await session.scalar(select(AttemptRow.attempt_id).where(AttemptRow.active_key == key)):
            raise _already_reserved(request)
        slot = await _take_seat(session, attempt.slot.slot_id, attempt.exam_id)
        row, step = new_attempt_row(request, self._now()), first_step(request)
        session.add_all([row, new_move_row(attempt.attempt_id, step)])
        await publish(session, RESERVATIONS, subject_of(row), told_by_step(step, slot_of(slot)), self._now())

    async def _is_written(self, attempt_id: UUID) -> bool:
        async with self._reservations.read() as session:
            return await session.get(AttemptRow, attempt_id) is not None


async def _take_seat(session: AsyncSession, slot_id: UUID, exam_id: UUID) -> SlotRow:
    slot = await session.get(SlotRow, slot_id)
    if slot is None or slot.exam_id != exam_id:
        raise Failure(FailureType.NOT_FOUND, f"exam {exam_id} has no slot {slot_id}")
    taken = await session.execute(
        update(SlotRow)
        .where(SlotRow.slot_id == slot_id, SlotRow.seats_taken < SlotRow.seats)
        .values(seats_taken=SlotRow.seats_taken + 1)
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], taken).rowcount != 1:
        raise Failure(
            FailureType.SLOT_FULL, f"all {slot.seats} seats of slot {slot_id} are taken; choose another"
        )
    return slot


async def _free_seat(session: AsyncSession, slot_id: UUID) -> None:
    await session.execute(
        update(SlotRow)
        .where(SlotRow.slot_id == slot_id, SlotRow.seats_taken > 0)
        .values(seats_taken=SlotRow.seats_taken - 1)
        .execution_options(synchronize_session=False)
    )


async def _pass_on(session: AsyncSession, slot_id: UUID) -> UUID | None:
    first = await session.scalar(
        select(AttemptRow)
        .where(
            AttemptRow.slot_id == slot_id,
            AttemptRow.phase == Phase.WAITLISTED.value,
            AttemptRow.waitlist_number.is_not(None),
        )
        .order_by(AttemptRow.waitlist_number)
        .limit(1)
        .with_for_update()
    )
    if first is None:
        await _free_seat(session, slot_id)
        return None
    first.seat_slot_id, first.waitlist_number = slot_id, None
    return first.attempt_id


def _already_reserved(request: HoldSeat) -> Failure:
    attempt = request.attempt
    return Failure(
        FailureType.ALREADY_RESERVED,
        f"student {attempt.student_id} already has an active attempt at exam {attempt.exam_id}; "
        "cancel it before reserving again",
    )
