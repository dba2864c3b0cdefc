"""An attempt's seat: held at the start, swapped on request, given back at the end, never two of these at once."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.seat import SeatActivities
    from schema.lifecycle import BeginCheckIn, Command, MoveSlot
    from schema.task import HoldSeat, MoveSeat, ReleaseSeat
    from workflows.desk import Desk
    from workflows.options import HOLD_SEAT, MOVE_SEAT, RELEASE_SEAT
    from workflows.patience import insist, refusal_of


class Seat:
    """The database decides who gets a seat; this asks it, and keeps the attempt's state in step."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = asyncio.Lock()
        self._is_held = desk.is_resumed
        self._refusal: ApplicationError | None = None

    @property
    def refusal(self) -> ApplicationError | None:
        """Why there is no seat, once that is known."""
        return self._refusal

    async def hold(self) -> None:
        """Ask for the seat; afterwards it is held, or `refusal` says why not."""
        request = HoldSeat(attempt=self._desk.attempt, hold_until=self._desk.state.hold_until)
        try:
            await workflow.execute_activity_method(SeatActivities.hold_seat, request, **HOLD_SEAT)
        except ActivityError as error:
            if (refusal := refusal_of(error)) is None:
                raise
            self._refusal = _again(refusal)
        else:
            self._is_held = True

    async def held(self) -> None:
        """Wait for the seat. Raises the refusal."""
        await workflow.wait_condition(lambda: self._is_held or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

    async def perform(self, command: Command) -> None:
        """Apply a command that needs the seat to stay where it is meanwhile. Raises ApplicationError."""
        async with self._lock:
            now = workflow.now()
            self._desk.check(command, now)
            if isinstance(command, MoveSlot) and command.operation_id not in self._desk.state.applied:
                await self._swap(command)
            # As of its acceptance: who was in time is not refused because the swap took long.
            self._desk.apply(command, now)

    async def release(self) -> None:
        """Give back whichever seat is held; a swap under way is waited for, so that it cannot be left behind."""
        request = ReleaseSeat(attempt_id=self._desk.attempt.attempt_id)
        async with self._lock:
            await insist(
                lambda: workflow.execute_activity_method(SeatActivities.release_seat, request, **RELEASE_SEAT)
            )

    async def _swap(self, command: MoveSlot) -> None:
        """Take the other seat first: without one there is no move."""
        request = MoveSeat(attempt_id=self._desk.attempt.attempt_id, to=command.slot)
        try:
            await workflow.execute_activity_method(SeatActivities.move_seat, request, **MOVE_SEAT)
        except ActivityError as error:
            if (refusal := refusal_of(error)) is None:
                raise
            raise _again(refusal) from error


def _again(refusal: ApplicationError) -> ApplicationError:
    """The activity's failure as the caller of an update gets it."""
    return ApplicationError(refusal.message, *refusal.details, type=refusal.type, non_retryable=True)


SEATED = (MoveSlot, BeginCheckIn)
