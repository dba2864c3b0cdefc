"""Takes, swaps and gives back seats; the database decides who gets one."""

from temporalio import activity

from activities.ports import SeatBook
from schema.task import HoldSeat, MoveSeat, ReleaseSeat, SeatReleased


class SeatActivities:
    """Each is one transaction, idempotent by attempt (and slot)."""

    def __init__(self, seats: SeatBook) -> None:
        self._seats = seats

    @activity.defn
    async def hold_seat(self, request: HoldSeat) -> None:
        """Take a seat and write the attempt's row. Raises SLOT_FULL, ALREADY_RESERVED, NOT_FOUND."""
        await self._seats.hold(request)

    @activity.defn
    async def move_seat(self, request: MoveSeat) -> None:
        """Swap seats. Raises SLOT_FULL, NOT_FOUND."""
        await self._seats.move(request)

    @activity.defn
    async def release_seat(self, request: ReleaseSeat) -> SeatReleased:
        """Give the seat back."""
        return await self._seats.release(request)
