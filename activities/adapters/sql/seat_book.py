"""Seats over `_reservations`: a seat is one conditional write, and the row count says who got it."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.reservation_row import new_attempt_row, new_move_row, slot_of, subject_of
from activities.adapters.sql.sitting import UNKNOWN_TITLE, already_reserved, check_may_reserve
from activities.adapters.sql.snapshot import first_snapshot
from schema.attempt import Phase
from schema.db.outbox import RESERVATIONS, publish
from schema.db.session import Database
from schema.db.tables.reservations import AttemptMove, AttemptRow, ExamRow, SlotRow
from schema.failures import Failure, FailureType
from schema.publication import told_by_step
from schema.reservation import active_key_of, asked_at, first_step, too_few_seats
from schema.sitting.word import on
from schema.task import HoldSeat, MoveSeat, ReleaseSeat, SeatHeld, SeatReleased


class SqlSeatBook:
    """Implements SeatBook and SlotBook."""

    def __init__(self, reservations: Database, now: Now = utc_now) -> None:
        self._reservations = reservations
        self._now = now

    async def hold(self, request: HoldSeat) -> SeatHeld:
        """Take a seat, or a number where the slot is full and the attempt may wait; write its row and first move.

        Asking again gives the first answer. Raises SLOT_FULL, ALREADY_RESERVED, SITTINGS_USED_UP, TOO_MANY_HOLDS,
        NOT_FOUND.
        """

        async def work(session: AsyncSession) -> SeatHeld:
            if request.attempt.may_wait:
                await _stand_in_line(session, request.attempt.slot.slot_id)
            return await _begun(session, request) or await self._hold(session, request)

        try:
            return await self._reservations.run(work)
        except IntegrityError as error:  # a unique key was taken between the look and the write
            async with self._reservations.read() as session:
                begun = await _begun(session, request)
                if begun is None:
                    raise await _already_reserved(session, request) from error
            return begun

    async def move(self, request: MoveSeat) -> SeatReleased:
        """Swap seats; the one given back goes to the first who waits there. Raises SLOT_FULL, NOT_FOUND."""

        async def work(session: AsyncSession) -> SeatReleased:
            row = await session.get(AttemptRow, request.attempt_id, with_for_update=True)
            if row is None or row.seat_slot_id is None:
                message = "you hold no seat that could move to another slot; reserve one"
                raise Failure(FailureType.NOT_FOUND, message)
            if row.seat_slot_id != request.to.slot_id:
                await _take_seat(session, await _slot(session, request.to.slot_id, row.exam_id))
                row.seat_passed_to = await _pass_on(session, row.seat_slot_id)
                row.slot_id = row.seat_slot_id = request.to.slot_id
                row.updated_at = self._now()
            return SeatReleased(promoted_attempt_id=row.seat_passed_to)

        return await self._reservations.run(work)

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

    async def change_seats(self, slot_id: UUID, seats: int) -> None:
        """Give a slot more seats or fewer; new ones go to those who wait, in order. Raises NOT_FOUND, INVALID."""

        async def work(session: AsyncSession) -> None:
            slot = await _stand_in_line(session, slot_id)
            if slot is None:
                raise Failure(
                    FailureType.NOT_FOUND,
                    "there is no such slot; go back and choose it again",
                    slot_id=slot_id,
                )
            if seats < slot.seats_taken:
                raise too_few_seats(slot.seats_taken)
            slot.seats = seats
            while slot.seats_taken < seats and await _promote_first(session, slot_id) is not None:
                slot.seats_taken += 1

        await self._reservations.run(work)

    async def promoted(self) -> Sequence[UUID]:
        """Attempts whose rows hold a seat and still wait."""
        row = AttemptRow
        query = select(row.attempt_id).where(
            row.phase == Phase.WAITLISTED.value, row.seat_slot_id.is_not(None)
        )
        async with self._reservations.read() as session:
            return list(await session.scalars(query))

    async def _hold(self, session: AsyncSession, request: HoldSeat) -> SeatHeld:
        attempt = request.attempt
        await check_may_reserve(
            session, attempt.student_id, attempt.exam_id, attempt.policy, asked_at(request)
        )
        slot = await _slot(session, attempt.slot.slot_id, attempt.exam_id)
        is_full = attempt.may_wait and slot.seats_taken >= slot.seats  # who may wait has locked the slot
        number = _next_number(slot) if is_full else None
        if number is None:
            await _take_seat(session, slot)
        phase = Phase.HELD if number is None else Phase.WAITLISTED
        row, step = new_attempt_row(request, self._now(), number), first_step(request, phase)
        snapshot = first_snapshot(request, phase, self._now())
        session.add_all([row, new_move_row(attempt.attempt_id, step), snapshot])
        await publish(session, RESERVATIONS, subject_of(row), told_by_step(step, slot_of(slot)), self._now())
        return SeatHeld(phase=phase)


async def _begun(session: AsyncSession, request: HoldSeat) -> SeatHeld | None:
    """What an earlier try of the same hold began with."""
    first = await session.get(AttemptMove, (request.attempt.attempt_id, 0))
    return None if first is None else SeatHeld(phase=Phase(first.target))


async def _stand_in_line(session: AsyncSession, slot_id: UUID) -> SlotRow | None:
    """Lock the slot: who waits and what is freed must see each other, or a seat stays empty beside a list."""
    return await session.get(SlotRow, slot_id, with_for_update=True)


def _next_number(slot: SlotRow) -> int:
    number, slot.next_number = slot.next_number, slot.next_number + 1
    return number


async def _slot(session: AsyncSession, slot_id: UUID, exam_id: UUID) -> SlotRow:
    slot = await session.get(SlotRow, slot_id)
    if slot is None or slot.exam_id != exam_id:
        raise Failure(FailureType.NOT_FOUND, "this exam has no such slot; choose one of its slots")
    return slot


async def _take_seat(session: AsyncSession, slot: SlotRow) -> None:
    taken = await session.execute(
        update(SlotRow)
        .where(SlotRow.slot_id == slot.slot_id, SlotRow.seats_taken < SlotRow.seats)
        .values(seats_taken=SlotRow.seats_taken + 1)
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], taken).rowcount != 1:
        message = f"all {slot.seats} seats of the slot {on(slot.starts_at)} are taken; choose another slot"
        raise Failure(FailureType.SLOT_FULL, message)


async def _free_seat(session: AsyncSession, slot_id: UUID) -> None:
    await session.execute(
        update(SlotRow)
        .where(SlotRow.slot_id == slot_id, SlotRow.seats_taken > 0)
        .values(seats_taken=SlotRow.seats_taken - 1)
        .execution_options(synchronize_session=False)
    )


async def _pass_on(session: AsyncSession, slot_id: UUID) -> UUID | None:
    await _stand_in_line(session, slot_id)
    promoted = await _promote_first(session, slot_id)
    if promoted is None:
        await _free_seat(session, slot_id)
    return promoted


async def _promote_first(session: AsyncSession, slot_id: UUID) -> UUID | None:
    """A seat of the slot, which is locked, becomes that of the first who waits."""
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
        return None
    first.seat_slot_id, first.waitlist_number = slot_id, None
    return first.attempt_id


async def _already_reserved(session: AsyncSession, request: HoldSeat) -> Failure:
    attempt = request.attempt
    exam = await session.get(ExamRow, attempt.exam_id)
    key = active_key_of(attempt.student_id, attempt.exam_id)
    active = await session.scalar(select(AttemptRow.attempt_id).where(AttemptRow.active_key == key))
    return already_reserved(UNKNOWN_TITLE if exam is None else exam.title, active)
