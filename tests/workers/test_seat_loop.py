"""A seat that was added to a full slot: who waits first is told once, whatever is away meanwhile."""

from uuid import UUID

import pytest

from activities.adapters.memory.reservations import MemoryReservations
from activities.adapters.memory.seat_book import MemorySeatBook
from activities.seat_loop import SeatLoop
from schema.failures import Failure, FailureType
from tests.contracts.builder import a_hold, a_slot


class Signaller:
    """A SeatSignaller that remembers whom it told and fails as often as it is told to."""

    def __init__(self) -> None:
        self.told: list[UUID] = []
        self.failures = 0

    async def assign(self, attempt_id: UUID) -> None:
        if self.failures:
            self.failures -= 1
            raise Failure(FailureType.UNAVAILABLE, "Temporal is away")
        self.told.append(attempt_id)


@pytest.fixture
async def promoted() -> tuple[MemorySeatBook, UUID]:
    """A slot of one seat that has got another, and who waited for it."""
    slot, reservations = a_slot(seats=1), MemoryReservations()
    reservations.slots[slot.slot_id] = slot
    book, waits = MemorySeatBook(reservations), a_hold(slot, may_wait=True)
    for hold in (a_hold(slot), waits, a_hold(slot, may_wait=True)):
        await book.hold(hold)
    await book.change_seats(slot.slot_id, 2)
    return book, waits.attempt.attempt_id


async def test_who_moved_up_is_told_at_the_second_turn_and_once(
    promoted: tuple[MemorySeatBook, UUID],
) -> None:
    book, waits = promoted
    signaller = Signaller()
    loop = SeatLoop(book, signaller)
    told = []

    for _ in range(4):
        await loop.step()
        told.append(len(signaller.told))

    assert told == [0, 1, 1, 1]
    assert signaller.told == [waits]


async def test_who_could_not_be_told_is_told_later(promoted: tuple[MemorySeatBook, UUID]) -> None:
    book, waits = promoted
    signaller = Signaller()
    signaller.failures = 2
    loop = SeatLoop(book, signaller)

    for _ in range(5):
        await loop.step()

    assert signaller.told == [waits]
