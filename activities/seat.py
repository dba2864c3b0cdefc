"""Takes, swaps and gives back seats; the database decides who gets one."""

from temporalio import activity

from activities.ports import SeatBook
from schema.task import HoldSeat, MoveSeat, ReleaseSeat, SeatHeld, SeatReleased


class SeatActivities:
    """Each is one transaction, idempotent by attempt (and slot).

    Before there were waiting lists holding and moving answered nothing: histories from then hold a null.
    """

    def __init__(self, seats: SeatBook) -> None:
        self._seats = seats

    @activity.defn
    async def hold_seat(self, request: HoldSeat) -> SeatHeld | None:
        """Take a seat, or a place on the waiting list. Raises what the SeatBook does."""
        return await self._seats.hold(request)

    @activity.defn
    async def move_seat(self, request: MoveSeat) -> SeatReleased | None:
        """Swap seats. Raises SLOT_FULL, NOT_FOUND."""
        return await self._seats.move(request)

    @activity.defn
    async def release_seat(self, request: ReleaseSeat) -> SeatReleased:
        """Give the seat back."""
        return await self._seats.release(request)
