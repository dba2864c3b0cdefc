"""SeatBook: no seat twice, no seat lost, one active attempt per student and exam."""

import asyncio

import pytest

from schema.attempt import Phase, Verb
from schema.events import Source
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.task import MoveSeat, ReleaseSeat
from tests.contracts.builder import a_hold, a_projection, a_slot, a_step, window_of
from tests.contracts.world import World, told, topics


async def test_a_hold_takes_a_seat_and_tells_of_it(world: World) -> None:
    slot = a_slot(seats=2)
    await world.add_slot(slot)
    hold = a_hold(slot)

    await world.books.seats.hold(hold)

    assert await world.seats_taken(slot.slot_id) == 1
    (event,) = await told(world, Source.RESERVATIONS)
    assert (event.type, event.sequence, event.attempt_id) == ("attempt_changed", 1, hold.attempt.attempt_id)
    assert event.data["target"] == "held"
    assert (event.student_id, event.cohort_id) == (hold.attempt.student_id, hold.attempt.cohort_id)


async def test_the_same_hold_again_takes_no_second_seat(world: World) -> None:
    slot = a_slot(seats=2)
    await world.add_slot(slot)
    hold = a_hold(slot)

    await asyncio.gather(*[world.books.seats.hold(hold) for _ in range(5)])

    assert await world.seats_taken(slot.slot_id) == 1
    assert await topics(world, Source.RESERVATIONS) == ["attempt_changed"]


async def test_a_full_slot_takes_nobody(world: World) -> None:
    slot = a_slot(seats=1)
    await world.add_slot(slot)
    await world.books.seats.hold(a_hold(slot))
    late = a_hold(slot)

    with pytest.raises(Failure, match="seats") as refused:
        await world.books.seats.hold(late)

    assert refused.value.type is FailureType.SLOT_FULL
    assert await world.seats_taken(slot.slot_id) == 1
    assert len(await told(world, Source.RESERVATIONS)) == 1


async def test_a_student_has_one_active_attempt_at_an_exam(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    first = a_hold(slot)
    await world.books.seats.hold(first)

    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(a_hold(slot, first.attempt.student_id))

    assert refused.value.type is FailureType.ALREADY_RESERVED
    assert await world.seats_taken(slot.slot_id) == 1


async def test_two_attempts_of_one_student_at_once_get_one_seat(world: World) -> None:
    slot, student_id = a_slot(seats=9), new_id()
    await world.add_slot(slot)

    holds = [world.books.seats.hold(a_hold(slot, student_id)) for _ in range(4)]
    results = await asyncio.gather(*holds, return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == [
        "Failure",
        "Failure",
        "Failure",
        "SeatHeld",
    ]
    assert await world.seats_taken(slot.slot_id) == 1


async def test_a_final_attempt_does_not_stand_in_the_way(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    first = a_hold(slot)
    await world.books.seats.hold(first)
    await world.books.attempts.project(a_projection(first, a_step(1, Verb.CANCEL, Phase.CANCELLED)))

    await world.books.seats.hold(a_hold(slot, first.attempt.student_id))

    assert await world.seats_taken(slot.slot_id) == 2


async def test_an_unknown_slot_or_one_of_another_exam_is_not_found(world: World) -> None:
    slot = a_slot()
    await world.add_slot(slot)
    of_another_exam = a_hold(slot.model_copy(update={"exam_id": new_id()}))

    for hold in (a_hold(a_slot()), of_another_exam):
        with pytest.raises(Failure) as refused:
            await world.books.seats.hold(hold)
        assert refused.value.type is FailureType.NOT_FOUND
    assert await world.seats_taken(slot.slot_id) == 0


async def test_a_release_frees_the_seat_once(world: World) -> None:
    slot = a_slot(seats=2)
    await world.add_slot(slot)
    hold, other = a_hold(slot), a_hold(slot)
    await world.books.seats.hold(hold)
    await world.books.seats.hold(other)
    release = ReleaseSeat(attempt_id=hold.attempt.attempt_id)

    released = await asyncio.gather(*[world.books.seats.release(release) for _ in range(3)])

    assert {answer.promoted_attempt_id for answer in released} == {None}
    assert await world.seats_taken(slot.slot_id) == 1
    await world.books.seats.hold(a_hold(slot, hold.attempt.student_id))


async def test_releasing_what_was_never_held_changes_nothing(world: World) -> None:
    released = await world.books.seats.release(ReleaseSeat(attempt_id=new_id()))

    assert released.promoted_attempt_id is None


async def test_a_move_swaps_seats_and_is_one_move_however_often(world: World) -> None:
    here = a_slot()
    there = a_slot(exam_id=here.exam_id)
    await world.add_slot(here)
    await world.add_slot(there)
    hold = a_hold(here)
    await world.books.seats.hold(hold)
    move = MoveSeat(attempt_id=hold.attempt.attempt_id, to=window_of(there))

    for _ in range(2):
        await world.books.seats.move(move)

    assert [await world.seats_taken(slot.slot_id) for slot in (here, there)] == [0, 1]


async def test_a_move_to_a_full_slot_keeps_the_old_seat(world: World) -> None:
    here = a_slot()
    there = a_slot(exam_id=here.exam_id)
    await world.add_slot(here)
    await world.add_slot(there)
    hold = a_hold(here)
    await world.books.seats.hold(hold)
    await world.books.seats.hold(a_hold(there))

    with pytest.raises(Failure) as refused:
        await world.books.seats.move(MoveSeat(attempt_id=hold.attempt.attempt_id, to=window_of(there)))

    assert refused.value.type is FailureType.SLOT_FULL
    assert [await world.seats_taken(slot.slot_id) for slot in (here, there)] == [1, 1]
