"""The waiting list of a SeatBook: in order, a number each, and no seat lost between those who come and go."""

import asyncio
from uuid import UUID

import pytest

from schema.attempt import Phase, Verb
from schema.events import Source
from schema.exam import Slot
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.task import HoldSeat, MoveSeat, ReleaseSeat
from tests.contracts.builder import a_hold, a_projection, a_slot, a_step, window_of
from tests.contracts.world import World, told


async def begin(world: World, slot: Slot, *, waiting: int = 0) -> tuple[list[HoldSeat], list[HoldSeat]]:
    """All seats are held; so many more wait, in this order."""
    await world.add_slot(slot)
    held = [a_hold(slot) for _ in range(slot.seats)]
    waits = [a_hold(slot, may_wait=True) for _ in range(waiting)]
    for hold in (*held, *waits):
        await world.books.seats.hold(hold)
    return held, waits


async def release(world: World, hold: HoldSeat) -> UUID | None:
    """Give the attempt's seat back; who was promoted."""
    released = await world.books.seats.release(ReleaseSeat(attempt_id=hold.attempt.attempt_id))
    return released.promoted_attempt_id


def ids(holds: list[HoldSeat]) -> list[UUID]:
    return [hold.attempt.attempt_id for hold in holds]


async def test_who_may_wait_gets_a_seat_where_there_is_one(world: World) -> None:
    slot = a_slot(seats=1)
    await world.add_slot(slot)

    held = await world.books.seats.hold(a_hold(slot, may_wait=True))

    assert held.phase is Phase.HELD
    assert (await world.seats_taken(slot.slot_id), await world.waitlist_numbers(slot.slot_id)) == (1, [])


async def test_where_there_is_none_one_waits_and_the_event_says_so(world: World) -> None:
    slot = a_slot(seats=1)
    await begin(world, slot)
    late = a_hold(slot, may_wait=True)

    answers = [await world.books.seats.hold(late) for _ in range(2)]

    assert [answer.phase for answer in answers] == [Phase.WAITLISTED] * 2
    assert (await world.seats_taken(slot.slot_id), await world.waitlist_numbers(slot.slot_id)) == (1, [1])
    (event,) = [
        of for of in await told(world, Source.RESERVATIONS) if of.attempt_id == late.attempt.attempt_id
    ]
    assert event.type == "attempt_changed"
    assert (event.data["verb"], event.data["target"]) == ("join_waiting_list", "waitlisted")


async def test_many_at_once_get_a_number_each_without_a_gap(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    holds = [a_hold(slot, may_wait=True) for _ in range(15)]

    answers = await asyncio.gather(*[world.books.seats.hold(hold) for hold in holds])

    assert [answer.phase for answer in answers].count(Phase.HELD) == 3
    assert await world.seats_taken(slot.slot_id) == 3
    assert await world.waitlist_numbers(slot.slot_id) == list(range(1, 13))


async def test_who_waits_has_an_active_attempt(world: World) -> None:
    slot = a_slot(seats=1)
    _, (waits,) = await begin(world, slot, waiting=1)

    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(a_hold(slot, waits.attempt.student_id, may_wait=True))

    assert refused.value.type is FailureType.ALREADY_RESERVED
    assert await world.waitlist_numbers(slot.slot_id) == [1]


async def test_a_freed_seat_goes_to_the_first_who_waits_and_asking_again_says_so(world: World) -> None:
    slot = a_slot(seats=1)
    (holder,), (first, second) = await begin(world, slot, waiting=2)

    promoted = [await release(world, holder) for _ in range(2)]
    again = await world.books.seats.hold(first)

    assert promoted == [first.attempt.attempt_id] * 2
    assert await world.seats_taken(slot.slot_id) == 1
    assert await world.waitlist_numbers(slot.slot_id) == [2]
    assert again.phase is Phase.WAITLISTED  # it began so; that it moved up it learns otherwise
    assert await release(world, first) == second.attempt.attempt_id


async def test_seats_freed_at_once_go_to_the_first_ones_each_to_one(world: World) -> None:
    slot = a_slot(seats=4)
    held, waits = await begin(world, slot, waiting=6)

    promoted = await asyncio.gather(*[release(world, hold) for hold in held])

    assert set(promoted) == set(ids(waits[:4]))
    assert await world.seats_taken(slot.slot_id) == 4
    assert await world.waitlist_numbers(slot.slot_id) == [5, 6]


async def test_who_leaves_the_list_is_passed_over(world: World) -> None:
    slot = a_slot(seats=1)
    (holder,), (first, second) = await begin(world, slot, waiting=2)

    left = await release(world, first)

    assert left is None
    assert await world.seats_taken(slot.slot_id) == 1
    assert await release(world, holder) == second.attempt.attempt_id


async def test_who_has_stopped_waiting_gets_no_seat_before_the_list_knows(world: World) -> None:
    slot = a_slot(seats=1)
    (holder,), (first, second) = await begin(world, slot, waiting=2)
    cancelled = a_step(1, Verb.CANCEL, Phase.CANCELLED, Phase.WAITLISTED)
    await world.books.attempts.project(a_projection(first, cancelled))

    assert await release(world, holder) == second.attempt.attempt_id


async def test_a_seat_given_back_by_who_was_just_promoted_goes_on(world: World) -> None:
    slot = a_slot(seats=1)
    (holder,), (first, second) = await begin(world, slot, waiting=2)

    chain = [await release(world, hold) for hold in (holder, first, second)]

    assert chain == [first.attempt.attempt_id, second.attempt.attempt_id, None]
    assert await world.seats_taken(slot.slot_id) == 0


async def test_the_seat_that_a_move_leaves_goes_to_the_first_who_waits(world: World) -> None:
    here = a_slot()
    there = a_slot(exam_id=here.exam_id)
    await world.add_slot(there)
    (mover,), (first,) = await begin(world, here, waiting=1)
    move = MoveSeat(attempt_id=mover.attempt.attempt_id, to=window_of(there))

    moved = [await world.books.seats.move(move) for _ in range(2)]

    assert [answer.promoted_attempt_id for answer in moved] == [first.attempt.attempt_id] * 2
    assert [await world.seats_taken(slot.slot_id) for slot in (here, there)] == [1, 1]
    assert await release(world, mover) is None


async def test_those_who_come_and_those_who_go_leave_no_seat_empty_beside_a_list(world: World) -> None:
    slot = a_slot(seats=4)
    held, _ = await begin(world, slot)
    come = [a_hold(slot, may_wait=True) for _ in range(8)]

    await asyncio.gather(
        *[world.books.seats.hold(hold) for hold in come], *[release(world, hold) for hold in held]
    )

    assert await world.seats_taken(slot.slot_id) == 4
    assert len(await world.waitlist_numbers(slot.slot_id)) == 4


async def test_seats_that_are_added_go_to_those_who_wait_in_order(world: World) -> None:
    slot = a_slot(seats=1)
    _, (first, second, third) = await begin(world, slot, waiting=3)

    await world.books.slots.change_seats(slot.slot_id, 3)

    known = set(await world.books.slots.promoted())
    assert {first.attempt.attempt_id, second.attempt.attempt_id} <= known
    assert third.attempt.attempt_id not in known
    assert (await world.seats_taken(slot.slot_id), await world.waitlist_numbers(slot.slot_id)) == (3, [3])
    assert await release(world, first) == third.attempt.attempt_id


async def test_seats_that_nobody_waits_for_are_free(world: World) -> None:
    slot = a_slot(seats=1)
    await begin(world, slot, waiting=1)

    await world.books.slots.change_seats(slot.slot_id, 5)
    held = [await world.books.seats.hold(a_hold(slot)) for _ in range(3)]

    assert [answer.phase for answer in held] == [Phase.HELD] * 3
    assert await world.seats_taken(slot.slot_id) == 5
    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(a_hold(slot))
    assert refused.value.type is FailureType.SLOT_FULL


async def test_seats_that_are_taken_cannot_be_taken_away(world: World) -> None:
    slot = a_slot(seats=4)
    held, _ = await begin(world, slot)
    await release(world, held[0])

    await world.books.slots.change_seats(slot.slot_id, 3)
    with pytest.raises(Failure) as refused:
        await world.books.slots.change_seats(slot.slot_id, 2)

    assert (refused.value.type, refused.value.field) == (FailureType.INVALID, "/seats")
    assert refused.value.message == "3 seats are taken; choose at least as many"
    assert await world.seats_taken(slot.slot_id) == 3


async def test_a_slot_that_does_not_exist_has_no_seats(world: World) -> None:
    with pytest.raises(Failure) as refused:
        await world.books.slots.change_seats(new_id(), 2)

    assert refused.value.type is FailureType.NOT_FOUND


async def test_who_knows_of_the_seat_is_told_no_more(world: World) -> None:
    slot = a_slot(seats=1)
    (holder,), (first,) = await begin(world, slot, waiting=1)
    await release(world, holder)
    before = await world.books.slots.promoted()
    await world.books.attempts.project(
        a_projection(first, a_step(1, Verb.PROMOTE, Phase.HELD, Phase.WAITLISTED))
    )

    assert first.attempt.attempt_id in before
    assert first.attempt.attempt_id not in await world.books.slots.promoted()


async def test_seats_added_while_others_come_and_go_are_neither_lost_nor_given_twice(world: World) -> None:
    slot = a_slot(seats=3)
    held, _ = await begin(world, slot, waiting=4)
    come = [a_hold(slot, may_wait=True) for _ in range(6)]

    await asyncio.gather(
        *[world.books.seats.hold(hold) for hold in come],
        *[release(world, hold) for hold in held],
        world.books.slots.change_seats(slot.slot_id, 5),
    )

    assert await world.seats_taken(slot.slot_id) == 5
    assert len(await world.waitlist_numbers(slot.slot_id)) == 5
