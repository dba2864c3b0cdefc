"""The in-memory twin of the HoldBook."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.memory.reservations import MemoryReservations
from schema.ids import new_id
from schema.retention import Hold, HoldOrder


class MemoryHoldBook:
    """Implements HoldBook."""

    def __init__(self, reservations: MemoryReservations) -> None:
        self._reservations = reservations

    async def hold(self, order: HoldOrder) -> None:
        """Block deletion of all; a hold that stands stays. Raises NOT_FOUND."""
        for attempt in [self._reservations.attempt(each) for each in order.attempt_ids]:
            if not attempt.holds or attempt.holds[0].released_at is not None:
                attempt.holds.insert(0, _new(attempt.input.attempt_id, order))

    async def release(self, order: HoldOrder) -> None:
        """Allow deletion of all. Raises NOT_FOUND."""
        end = {"released_by": order.by, "released_at": order.at, "release_reason": order.reason}
        for attempt in [self._reservations.attempt(each) for each in order.attempt_ids]:
            if attempt.holds and attempt.holds[0].released_at is None:
                attempt.holds[0] = attempt.holds[0].model_copy(update=end)

    async def holds(self, attempt_id: UUID) -> Sequence[Hold]:
        """The newest first."""
        known = self._reservations.attempts.get(attempt_id)
        return tuple(known.holds) if known else ()


def _new(attempt_id: UUID, order: HoldOrder) -> Hold:
    return Hold(
        hold_id=new_id(), attempt_id=attempt_id, reason=order.reason, set_by=order.by, set_at=order.at
    )
