"""The in-memory twin of the SeatBook."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.memory.reservations import MemoryAttempt, MemoryReservations
from schema.attempt import Phase, Verb
from schema.failures import Failure, FailureType
from schema.lifecycle import AttemptInput
from schema.machine import ActorRole
from schema.reservation import asked_at, first_step, too_few_seats
from schema.sitting.allowance import USES_ONE_UP, PastSitting, check_sittings
from schema.sitting.hoarding import GivenUp, check_hoarding
from schema.task import HoldSeat, MoveSeat, ReleaseSeat, SeatHeld, SeatReleased


class MemorySeatBook:
    """Implements SeatBook and SlotBook; no method waits in between, so each is one transaction."""

    def __init__(self, reservations: MemoryReservations) -> None:
        self._reservations = reservations

    async def hold(self, request: HoldSeat) -> SeatHeld:
        """Take a seat, or a number where the attempt may wait. Raises what the SeatBook does."""
        wanted = request.attempt
        if (known := self._reservations.attempts.get(wanted.attempt_id)) is not None:
            return SeatHeld(phase=Phase(known.moves[0].target))
        for other in self._reservations.attempts.values():
            same = (other.input.student_id, other.input.exam_id) == (wanted.student_id, wanted.exam_id)
            if other.is_active and same:
                said = (
                    f"you already have a seat or a waiting place for “{self._title(wanted)}”; cancel it first"
                )
                raise Failure(FailureType.ALREADY_RESERVED, said, attempt_id=str(other.input.attempt_id))
        self._check_sittings(request)
        attempt = self._seated(wanted)
        phase = Phase.HELD if attempt.waitlist_number is None else Phase.WAITLISTED
        self._reservations.attempts[wanted.attempt_id] = attempt
        self._reservations.remember(attempt, first_step(request, phase))
        return SeatHeld(phase=phase)

    async def move(self, request: MoveSeat) -> SeatReleased:
        """Swap seats; the first who waits gets the one given back. Raises SLOT_FULL, NOT_FOUND."""
        attempt = self._reservations.attempts.get(request.attempt_id)
        if attempt is None or attempt.seat_slot_id is None:
            raise Failure(
                FailureType.NOT_FOUND,
                "this attempt holds no seat that could move",
                attempt_id=request.attempt_id,
            )
        if attempt.seat_slot_id != request.to.slot_id:
            self._reservations.take_seat(request.to.slot_id, attempt.input.exam_id)
            attempt.seat_passed_to = self._pass_on(attempt.seat_slot_id)
            attempt.slot_id = attempt.seat_slot_id = request.to.slot_id
        return SeatReleased(promoted_attempt_id=attempt.seat_passed_to)

    async def release(self, request: ReleaseSeat) -> SeatReleased:
        """Give the seat back, or on to the first who waits."""
        attempt = self._reservations.attempts.get(request.attempt_id)
        if attempt is None:
            return SeatReleased()
        attempt.is_active, attempt.waitlist_number = False, None
        if attempt.seat_slot_id is not None:
            attempt.seat_passed_to = self._pass_on(attempt.seat_slot_id)
            attempt.seat_slot_id = None
        return SeatReleased(promoted_attempt_id=attempt.seat_passed_to)

    async def change_seats(self, slot_id: UUID, seats: int) -> None:
        """Give a slot more seats or fewer; new ones go to those who wait, in order. Raises NOT_FOUND, INVALID."""
        slot = self._reservations.slots.get(slot_id)
        if slot is None:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such slot; go back and choose it again", slot_id=slot_id
            )
        if seats < slot.seats_taken:
            raise too_few_seats(slot.seats_taken)
        self._reservations.slots[slot_id] = slot.model_copy(update={"seats": seats})
        for _ in range(seats - slot.seats_taken):
            if self._promote_first(slot_id) is None:
                break
            self._reservations.change_taken(slot_id, 1)

    async def promoted(self) -> Sequence[UUID]:
        """Attempts that hold a seat and still wait."""
        attempts = self._reservations.attempts.items()
        return [
            attempt_id
            for attempt_id, attempt in attempts
            if attempt.seat_slot_id is not None and attempt.phase is Phase.WAITLISTED
        ]

    def _check_sittings(self, request: HoldSeat) -> None:
        wanted, title = request.attempt, self._title(request.attempt)
        own = [
            one for one in self._reservations.attempts.values() if one.input.student_id == wanted.student_id
        ]
        past = [
            PastSitting(one.input.attempt_id, one.phase, one.input.slot.starts_at, one.submitted_at)
            for one in own
            if one.input.exam_id == wanted.exam_id and one.phase in USES_ONE_UP
        ]
        check_sittings(title, wanted.policy.attempts_allowed, past)
        given_up = [
            GivenUp(one.input.exam_id, step.at)
            for one in own
            for step in one.moves.values()
            if (step.verb == Verb.CANCEL and step.actor.role is ActorRole.STUDENT)
            or (step.verb == Verb.EXPIRE and step.source == Phase.HELD)
        ]
        check_hoarding(title, wanted.exam_id, given_up, asked_at(request))

    def _title(self, wanted: AttemptInput) -> str:
        exam = self._reservations.exams.get((wanted.exam_id, wanted.exam_version))
        return "this exam" if exam is None else exam.title

    def _seated(self, wanted: AttemptInput) -> MemoryAttempt:
        slot_id = wanted.slot.slot_id
        if wanted.may_wait and self._reservations.is_full(slot_id, wanted.exam_id):
            number = self._reservations.next_number(slot_id)
            return MemoryAttempt(wanted, slot_id, None, waitlist_number=number)
        self._reservations.take_seat(slot_id, wanted.exam_id)
        return MemoryAttempt(wanted, slot_id, slot_id)

    def _pass_on(self, slot_id: UUID) -> UUID | None:
        promoted = self._promote_first(slot_id)
        if promoted is None:
            self._reservations.change_taken(slot_id, -1)
        return promoted

    def _promote_first(self, slot_id: UUID) -> UUID | None:
        waiting = [
            attempt
            for attempt in self._reservations.attempts.values()
            if attempt.slot_id == slot_id
            and attempt.waitlist_number is not None
            and attempt.phase is Phase.WAITLISTED
        ]
        if not waiting:
            return None
        first = min(waiting, key=lambda attempt: attempt.waitlist_number or 0)
        first.seat_slot_id, first.waitlist_number = slot_id, None
        return first.input.attempt_id
