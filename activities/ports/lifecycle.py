"""Seats, the read model of attempts, holds, the clock where answers live, and the reviews' rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from schema import task
from schema.attempt import Phase
from schema.lifecycle import AttemptProjection, WindowProjection
from schema.retention import Hold, HoldOrder
from schema.review import ReviewState


class SeatBook(Protocol):
    """Seats of slots; the database's truth (schema `_reservations`)."""

    async def hold(self, request: task.HoldSeat) -> task.SeatHeld:
        """Take a seat, or a number where the slot is full and the attempt may wait; write its row and first move.

        Asking again gives the first answer. Raises SLOT_FULL, ALREADY_RESERVED, SITTINGS_USED_UP, TOO_MANY_HOLDS,
        NOT_FOUND.
        """

    async def move(self, request: task.MoveSeat) -> task.SeatReleased:
        """Swap seats; the one given back goes to the first who waits there. Raises SLOT_FULL, NOT_FOUND."""

    async def release(self, request: task.ReleaseSeat) -> task.SeatReleased:
        """Give the seat back, or on to the first who waits, and clear `active_key`."""


class SlotBook(Protocol):
    """Slots as a whole, and who got one of their seats; the SeatBook's database."""

    async def change_seats(self, slot_id: UUID, seats: int) -> None:
        """Give a slot more seats or fewer; new ones go to those who wait, in order.

        Raises NOT_FOUND, and INVALID for fewer seats than are taken.
        """

    async def promoted(self) -> Sequence[UUID]:
        """Attempts that were given a seat while they waited and show no sign yet that they know."""


class SeatSignaller(Protocol):
    """Tells a waiting attempt that a seat is its own."""

    async def assign(self, attempt_id: UUID) -> None:
        """Again and again is once; an attempt that is over is no error. Raises UNAVAILABLE."""


class AttemptBook(Protocol):
    """The read model of attempts (schema `_reservations`)."""

    async def project(self, projection: AttemptProjection) -> None:
        """Write row, moves, events of all steps and the snapshot in one transaction; ignores what is written.

        Clears `active_key` when the phase is final. Raises CONFLICT, and remembers it, for a projection that goes on
        from a past which the row has left behind.
        """


class AttemptIndex(Protocol):
    """Finds attempts in their read model."""

    async def exams_of(self, attempt_ids: Collection[UUID], phases: Collection[Phase]) -> Mapping[UUID, UUID]:
        """The exam by attempt, of those attempts that stand in one of the phases."""


class HoldBook(Protocol):
    """What blocks deletion of attempts, and why (schema `_reservations`)."""

    async def hold(self, order: HoldOrder) -> None:
        """Block deletion of all of them at once; where a hold stands already, it stays. Raises NOT_FOUND."""

    async def release(self, order: HoldOrder) -> None:
        """Allow deletion of all of them at once; where no hold stands, nothing changes. Raises NOT_FOUND."""

    async def holds(self, attempt_id: UUID) -> Sequence[Hold]:
        """The newest first; the one that stands, if any, is the first."""


class WindowBook(Protocol):
    """The projection of the clock where answers live (schema `_corrections`)."""

    async def project(self, projection: WindowProjection) -> None:
        """Write the window; an older version is ignored; a closed window never opens again unless newer.

        Raises CONFLICT for one that goes on from a past which the row has left behind.
        """


class ReviewBook(Protocol):
    """The read model of reviews (schema `_corrections`)."""

    async def project(self, state: ReviewState) -> ReviewState | None:
        """Write the row; publish `manual_review_required` when new and `review_decided` when decided, once each.

        Where the row knows more, or another state under the same version, nothing is written and its state returned:
        the run that asks begins again, and goes on from it.
        """
