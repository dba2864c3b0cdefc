"""Outbox: what is unpublished, and nothing else."""

from schema.events import Source
from schema.ids import new_id
from schema.task import MonitoringStart
from tests.contracts.builder import NOON, SECOND, a_monitoring
from tests.contracts.world import World, told


async def test_what_is_marked_is_not_relayed_again(world: World) -> None:
    for _ in range(3):
        start = MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON)
        await world.books.incidents.publish_start(start)
    first, second, third = await told(world, Source.MONITORING)
    outbox = next(outbox for outbox in world.books.outboxes if outbox.source is Source.MONITORING)

    # The middle one first: what lies before it is still found.
    await outbox.mark_published([second.event_id], NOON)
    await outbox.mark_published([second.event_id], NOON + SECOND)

    assert await told(world, Source.MONITORING) == [first, third]
    assert list(await outbox.unpublished(1)) == [first]


async def test_each_outbox_tells_its_own(world: World) -> None:
    await world.books.incidents.publish_start(MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON))

    assert await told(world, Source.CORRECTIONS) == []
    assert {outbox.source for outbox in world.books.outboxes} == set(Source)


async def test_each_relay_has_marks_of_its_own(world: World) -> None:
    for _ in range(2):
        await world.books.incidents.publish_start(MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON))
    first, second = await told(world, Source.MONITORING)
    mirrored = next(outbox for outbox in world.books.mirrored if outbox.source is Source.MONITORING)
    outbox = next(outbox for outbox in world.books.outboxes if outbox.source is Source.MONITORING)

    await outbox.mark_published([first.event_id], NOON)
    await mirrored.mark_published([second.event_id], NOON)

    assert list(await outbox.unpublished(9)) == [second]
    assert list(await mirrored.unpublished(9)) == [first]


async def test_what_one_relay_still_owes_is_not_forgotten(world: World) -> None:
    await world.books.incidents.publish_start(MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON))
    (event,) = await told(world, Source.MONITORING)
    mirrored = next(outbox for outbox in world.books.mirrored if outbox.source is Source.MONITORING)
    outbox = next(outbox for outbox in world.books.outboxes if outbox.source is Source.MONITORING)
    await outbox.mark_published([event.event_id], NOON)

    owed = [await one.forget_published(NOON + SECOND) for one in (outbox, mirrored)]
    await mirrored.mark_published([event.event_id], NOON)
    done = [await one.forget_published(NOON + SECOND) for one in (outbox, mirrored)]

    assert (owed, done) == ([0, 0], [1, 0])


async def test_only_what_was_published_before_is_forgotten(world: World) -> None:
    for _ in range(3):
        await world.books.incidents.publish_start(MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON))
    first, second, third = await told(world, Source.MONITORING)
    outbox = next(outbox for outbox in world.books.outboxes if outbox.source is Source.MONITORING)
    mirrored = next(outbox for outbox in world.books.mirrored if outbox.source is Source.MONITORING)
    for relayed in (outbox, mirrored):
        await relayed.mark_published([first.event_id], NOON)
        await relayed.mark_published([second.event_id], NOON + SECOND)

    forgotten = [await outbox.forget_published(NOON + SECOND) for _ in range(2)]

    assert forgotten == [1, 0]
    assert await told(world, Source.MONITORING) == [third]
