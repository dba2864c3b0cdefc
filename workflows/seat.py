"""An attempt's seat: held or waited for, swapped on request, given back at the end, never two of these at once."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.seat import SeatActivities
    from schema.attempt import Phase
    from schema.ids import attempt_workflow_id
    from schema.lifecycle import BeginCheckIn, Command, MoveSlot
    from schema.task import HoldSeat, MoveSeat, ReleaseSeat, SeatReleased
    from workflows.desk import Desk
    from workflows.options import HOLD_SEAT, MOVE_SEAT, RELEASE_SEAT
    from workflows.patience import insist, refusal_of


class Seat:
    """The database decides who gets a seat; this asks it, and keeps the attempt's state in step."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = asyncio.Lock()
        self._is_answered = desk.is_resumed
        self._refusal: ApplicationError | None = None

    @property
    def refusal(self) -> ApplicationError | None:
        """Why there is no seat, once that is known."""
        return self._refusal

    async def hold(self) -> None:
        """Ask for the seat; afterwards it is held or waited for, or `refusal` says why not."""
        request = HoldSeat(attempt=self._desk.attempt, hold_until=self._desk.state.hold_until)
        try:
            held = await workflow.execute_activity_method(SeatActivities.hold_seat, request, **HOLD_SEAT)
        except ActivityError as error:
            if (refusal := refusal_of(error)) is None:
                raise
            self._refusal = _again(refusal)
        else:
            if held is not None and held.phase is Phase.WAITLISTED:
                self._desk.begin_waiting()
            self._is_answered = True

    async def answered(self) -> None:
        """Wait until there is a seat or a place on the waiting list. Raises the refusal."""
        await workflow.wait_condition(lambda: self._is_answered or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

    async def perform(self, command: Command) -> None:
        """Apply a command that needs the seat to stay where it is meanwhile. Raises ApplicationError."""
        async with self._lock:
            now = workflow.now()
            self._desk.check(command, now, is_settled=True)
            if isinstance(command, MoveSlot) and command.operation_id not in self._desk.state.applied:
                await self._swap(command)
            # As of its acceptance: who was in time is not refused because the swap took long.
            self._desk.apply(command, now)

    async def release(self) -> None:
        """Give back whichever seat is held; a swap under way is waited for, so that it cannot be left behind."""
        request = ReleaseSeat(attempt_id=self._desk.attempt.attempt_id)
        async with self._lock:
            released = await insist(
                lambda: workflow.execute_activity_method(SeatActivities.release_seat, request, **RELEASE_SEAT)
            )
        await self._tell_next(released)

    async def _swap(self, command: MoveSlot) -> None:
        """Take the other seat first: without one there is no move."""
        request = MoveSeat(attempt_id=self._desk.attempt.attempt_id, to=command.slot)
        try:
            released = await workflow.execute_activity_method(SeatActivities.move_seat, request, **MOVE_SEAT)
        except ActivityError as error:
            if (refusal := refusal_of(error)) is None:
                raise
            raise _again(refusal) from error
        await self._tell_next(released)

    async def _tell_next(self, released: SeatReleased | None) -> None:
        """The database has passed the seat on; whoever got it learns that now. None: from before waiting lists."""
        if released is None or released.promoted_attempt_id is None:
            return
        promoted = attempt_workflow_id(released.promoted_attempt_id)
        try:
            await workflow.get_external_workflow_handle(promoted).signal("seat_assigned")
        except FailureError:
            # It ended after it was promoted, and has given this seat back itself.
            workflow.logger.info("%s does not wait any more", promoted)


def _again(refusal: ApplicationError) -> ApplicationError:
    """The activity's failure as the caller of an update gets it."""
    return ApplicationError(refusal.message, *refusal.details, type=refusal.type, non_retryable=True)


SEATED = (MoveSlot, BeginCheckIn)
