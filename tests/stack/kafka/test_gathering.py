"""KafkaFollower that gathers for the lake: few wide objects, and offsets that wait for them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from activities.adapters.kafka import Kafka
from activities.adapters.kafka_follower import Gathering, KafkaFollower
from activities.adapters.lake_object import LakeObjectSink
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.quarantine import Quarantine
from activities.ports import ObjectStore
from schema.events import Envelope
from schema.ids import new_id
from tests.contracts.test_compaction import ids, ids_in
from tests.stack.kafka.test_follower import Diary, lines, publish, until

MOST = 10_000


@contextlib.asynccontextmanager
async def gathering(kafka: Kafka, group: str, store: ObjectStore, longest: timedelta) -> AsyncIterator[None]:
    stop, kept = asyncio.Event(), Quarantine(MemoryObjectStore())
    sink = LakeObjectSink(store)
    follower = KafkaFollower(kafka, group, [sink], kept, gathering=Gathering(longest, MOST))
    task = asyncio.create_task(follower.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def held(store: ObjectStore) -> list[str]:
    objects = [await store.get(found.name) for found in await store.list("raw/events")]
    return ids_in([line for text in objects for line in text.splitlines()])


async def test_events_are_gathered_and_committed_once_they_are_kept(kafka: Kafka) -> None:
    told, group = lines(attempts=6, length=10), f"test-{new_id()}"
    early, store = MemoryObjectStore(), MemoryObjectStore()
    for first in range(0, len(told), 6):
        await publish(kafka, told[first : first + 6])

    async with gathering(kafka, group, early, timedelta(hours=1)):
        await asyncio.sleep(3)  # long enough to read them; too short to write
    async with gathering(kafka, group, store, timedelta(seconds=4)):
        async with asyncio.timeout(60):
            while not set(ids(told)) <= set(await held(store)):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)  # the offsets follow

    assert await held(early) == []
    found, objects = await held(store), await store.list("raw/events")
    assert len(found) == len(set(found))
    assert len(objects) <= 3 * len({found.name.rpartition("/")[0] for found in objects})
    assert await comes_next(kafka, group, told) == []


async def comes_next(kafka: Kafka, group: str, told: list[Envelope]) -> list[Envelope]:
    """Which of these come to the group's next member before an event that is told now."""
    (last,) = lines(attempts=1, length=1)
    diary, stop = Diary([*told, last]), asyncio.Event()
    await publish(kafka, [last])
    follower = KafkaFollower(kafka, group, [diary], Quarantine(MemoryObjectStore()))
    following = asyncio.create_task(follower.run(stop))
    await until(lambda: last in diary.events)
    stop.set()
    await following
    return [event for event in diary.events if event != last]
