"""HoldBook: one hold stands at a time, all attempts of an order or none, and every hold is remembered."""

from datetime import timedelta
from uuid import UUID

import pytest

from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.retention import HoldOrder
from tests.contracts.builder import NOON, SECOND, a_hold, a_slot
from tests.contracts.world import World

ANNA, BEN = new_id(), new_id()


def an_order(
    *attempt_ids: UUID, by: UUID = ANNA, reason: str = "a claim", after: timedelta = SECOND
) -> HoldOrder:
    return HoldOrder(attempt_ids=attempt_ids, by=by, reason=reason, at=NOON + after)


async def an_attempt(world: World) -> UUID:
    slot = a_slot()
    await world.add_slot(slot)
    seat = a_hold(slot)
    await world.books.seats.hold(seat)
    return seat.attempt.attempt_id


async def test_a_hold_tells_who_when_and_why(world: World) -> None:
    one, other = await an_attempt(world), await an_attempt(world)

    await world.books.holds.hold(an_order(one))

    (hold,) = await world.books.holds.holds(one)
    assert (hold.attempt_id, hold.reason, hold.set_by) == (one, "a claim", ANNA)
    assert (hold.set_at, hold.released_at, hold.release_reason) == (NOON + SECOND, None, "")
    assert list(await world.books.holds.holds(other)) == []


async def test_the_hold_that_stands_stays(world: World) -> None:
    attempt_id = await an_attempt(world)
    await world.books.holds.hold(an_order(attempt_id))

    await world.books.holds.hold(an_order(attempt_id, by=BEN, reason="another", after=2 * SECOND))

    (hold,) = await world.books.holds.holds(attempt_id)
    assert (hold.reason, hold.set_by) == ("a claim", ANNA)


async def test_a_release_ends_it_once_and_it_is_remembered(world: World) -> None:
    attempt_id = await an_attempt(world)
    await world.books.holds.hold(an_order(attempt_id))

    await world.books.holds.release(an_order(attempt_id, by=BEN, reason="settled", after=2 * SECOND))
    await world.books.holds.release(an_order(attempt_id, reason="again", after=3 * SECOND))
    await world.books.holds.hold(an_order(attempt_id, reason="new claim", after=4 * SECOND))

    standing, ended = await world.books.holds.holds(attempt_id)
    assert (standing.reason, standing.released_at) == ("new claim", None)
    assert (ended.reason, ended.released_by, ended.release_reason) == ("a claim", BEN, "settled")
    assert ended.released_at == NOON + 2 * SECOND


async def test_several_are_held_at_once_or_none(world: World) -> None:
    one, other = await an_attempt(world), await an_attempt(world)

    with pytest.raises(Failure) as refused:
        await world.books.holds.hold(an_order(one, new_id()))
    nothing = list(await world.books.holds.holds(one))
    await world.books.holds.hold(an_order(one, other))

    assert refused.value.type is FailureType.NOT_FOUND
    assert nothing == []
    assert [len(await world.books.holds.holds(each)) for each in (one, other)] == [1, 1]
