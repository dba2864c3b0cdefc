"""NotificationBook: one per person and occasion."""

import asyncio

from schema.ids import new_id
from tests.contracts.world import World


async def test_the_same_occasion_is_one_notification(world: World) -> None:
    person_id = new_id()
    add = world.books.notifications.add

    await asyncio.gather(*[add(person_id, "admitted/1", "admitted", {"exam": "Algebra"}) for _ in range(3)])
    await add(person_id, "submitted/1", "submitted", {})

    found = await world.notifications(person_id)
    assert sorted(found, key=lambda it: it[0]) == [("admitted", {"exam": "Algebra"}), ("submitted", {})]
    assert await world.notifications(new_id()) == []


async def test_a_notification_knows_the_attempt_with_which_it_goes(world: World) -> None:
    person_id, attempt_id = new_id(), new_id()

    for attempt in (attempt_id, new_id()):
        await world.books.notifications.add(person_id, "admitted/1", "admitted", {}, attempt_id=attempt)
    assert await world.notified_attempts(person_id) == [attempt_id]

    await world.books.notifications.add(person_id, "account/1", "locked", {})
    assert set(await world.notified_attempts(person_id)) == {attempt_id, None}
