"""SeatBook: how many sittings a student has, and how often seats may be given up."""

import asyncio
from datetime import timedelta

import pytest

from schema.attempt import Phase, Verb
from schema.exam import ExamPolicy, Slot
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.task import HoldSeat, ReleaseSeat, SeatHeld
from tests.contracts.builder import NOON, a_hold, a_projection, a_slot, a_step
from tests.contracts.world import World

STUDENT = new_id()


def hold_of(slot: Slot, *, after: timedelta = timedelta(0), **policy: object) -> HoldSeat:
    """What STUDENT asks for, so long after noon."""
    hold = a_hold(slot, STUDENT)
    attempt = hold.attempt.model_copy(update={"policy": ExamPolicy.model_validate(policy)})
    return HoldSeat(attempt=attempt, hold_until=NOON + attempt.policy.hold + after)


async def ended(world: World, hold: HoldSeat, verb: Verb, phase: Phase, source: Phase = Phase.HELD) -> None:
    """The seat is held and the attempt ends so."""
    await world.books.seats.hold(hold)
    await world.books.attempts.project(a_projection(hold, a_step(1, verb, phase, source)))
    await world.books.seats.release(ReleaseSeat(attempt_id=hold.attempt.attempt_id))


@pytest.mark.parametrize(
    ("verb", "phase"),
    [
        (Verb.SUBMIT, Phase.SUBMITTED),
        (Verb.VOID, Phase.VOIDED),
        (Verb.MARK_NO_SHOW, Phase.NO_SHOW),
        (Verb.TERMINATE, Phase.TERMINATED),
    ],
)
async def test_a_sitting_is_used_up(world: World, verb: Verb, phase: Phase) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    first = hold_of(slot)
    await ended(world, first, verb, phase)
    taken = await world.seats_taken(slot.slot_id)

    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(hold_of(slot))

    assert refused.value.type is FailureType.SITTINGS_USED_UP
    assert refused.value.extra["attempt_id"] == str(first.attempt.attempt_id)
    assert "once" in refused.value.message
    assert await world.seats_taken(slot.slot_id) == taken


async def test_there_are_as_many_sittings_as_the_exam_allows(world: World) -> None:
    slot = a_slot(seats=9)
    await world.add_slot(slot)
    for _ in range(3):
        await ended(world, hold_of(slot, attempts_allowed=3), Verb.SUBMIT, Phase.SUBMITTED)

    with pytest.raises(Failure, match="3 times"):
        await world.books.seats.hold(hold_of(slot, attempts_allowed=3))


async def test_the_same_hold_again_is_no_further_sitting(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    first = hold_of(slot)
    await ended(world, first, Verb.SUBMIT, Phase.SUBMITTED)

    again = await world.books.seats.hold(first)

    assert again.phase is Phase.HELD
    assert await world.seats_taken(slot.slot_id) == 0


async def test_two_at_once_are_one_sitting(world: World) -> None:
    slot = a_slot(seats=9)
    await world.add_slot(slot)
    holds = [hold_of(slot, attempts_allowed=2) for _ in range(6)]

    answers = await asyncio.gather(*[world.books.seats.hold(hold) for hold in holds], return_exceptions=True)

    assert sum(isinstance(answer, SeatHeld) for answer in answers) == 1
    assert await world.seats_taken(slot.slot_id) == 1


async def test_what_is_cancelled_before_the_sitting_uses_none_up(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    await ended(world, hold_of(slot), Verb.CANCEL, Phase.CANCELLED)
    await ended(world, hold_of(slot), Verb.EXPIRE, Phase.EXPIRED)

    held = await world.books.seats.hold(hold_of(slot))

    assert held.phase is Phase.HELD


async def test_a_seat_cannot_be_kept_by_giving_it_up_in_turn(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    for verb, phase in [
        (Verb.CANCEL, Phase.CANCELLED),
        (Verb.EXPIRE, Phase.EXPIRED),
        (Verb.CANCEL, Phase.CANCELLED),
    ]:
        await ended(world, hold_of(slot), verb, phase)

    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(hold_of(slot))
    later = await world.books.seats.hold(hold_of(slot, after=timedelta(days=1, seconds=1)))

    assert refused.value.type is FailureType.TOO_MANY_HOLDS
    assert not refused.value.is_retryable
    assert str(refused.value.extra["reserve_again_at"]).startswith("2026-11-23T12:0")
    assert later.phase is Phase.HELD


async def test_nor_by_going_from_exam_to_exam(world: World) -> None:
    for _ in range(5):
        slot = a_slot(seats=3)
        await world.add_slot(slot)
        for _ in range(2):
            await ended(world, hold_of(slot), Verb.CANCEL, Phase.CANCELLED, Phase.RESERVED)
    another = a_slot(seats=3)
    await world.add_slot(another)

    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(hold_of(another))

    assert refused.value.type is FailureType.TOO_MANY_HOLDS


async def test_a_place_that_no_seat_came_for_was_not_given_up(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    for _ in range(4):
        await ended(world, hold_of(slot), Verb.EXPIRE, Phase.EXPIRED, Phase.WAITLISTED)

    held = await world.books.seats.hold(hold_of(slot))

    assert held.phase is Phase.HELD
