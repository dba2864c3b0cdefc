"""Compactor: a day's small objects become one, no event is ever in none, and what is no event stays."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from activities.adapters.files import FileStore
from activities.adapters.lake_object import LakeObjectSink
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.compaction import Compactor
from activities.ports import ObjectStore, StoredObject
from schema.events import Envelope
from schema.failures import Failure, FailureType
from tests.contracts.builder import NOON
from tests.contracts.test_event_sink import some_events

DAY = NOON.date()
FOLDER = f"raw/events/monitoring_started/{DAY:%Y/%m/%d}"
BAD = b'{"event_id": "0190'


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryObjectStore() if request.param == "memory" else FileStore(tmp_path / "lake")


async def write(store: ObjectStore, *batches: Sequence[Envelope]) -> None:
    """Each batch by a process of its own, which remembers no other one's."""
    for batch in batches:
        await LakeObjectSink(store).publish(batch)


async def lines(store: ObjectStore) -> list[bytes]:
    objects = [await store.get(found.name) for found in await store.list(FOLDER)]
    return [line for text in objects for line in text.splitlines()]


def ids(events: Sequence[Envelope]) -> list[str]:
    return sorted(str(event.event_id) for event in events)


def ids_in(found: Sequence[bytes]) -> list[str]:
    return sorted(json.loads(line)["event_id"] for line in found if line != BAD)


async def test_small_objects_become_one_with_each_event_once(store: ObjectStore) -> None:
    told = [event for _ in range(3) for event in some_events()]
    await write(store, told[:4], told[3:8], told[8:], told[:4])
    await store.put(f"{FOLDER}/events.jsonl", b"somebody appends to this one\n")

    done = await Compactor(store).compact(DAY)

    assert [(one.sources, one.lines, one.bad) for one in done] == [(3, 12, 0)]
    joined, own = [found.name for found in await store.list(FOLDER)]
    assert (joined.startswith(f"{FOLDER}/events-joined-"), own) == (True, f"{FOLDER}/events.jsonl")
    assert ids_in((await store.get(joined)).splitlines()) == ids(told)


async def test_a_day_that_is_joined_twice_stays_as_it_is(store: ObjectStore) -> None:
    told = some_events()
    await write(store, told[:2], told[2:])
    await Compactor(store).compact(DAY)
    before = await store.list("")

    again = await Compactor(store).compact(DAY)

    assert again == []
    assert await store.list("") == before
    assert await Compactor(store).compact(DAY + timedelta(days=1)) == []


async def test_what_comes_late_is_joined_too(store: ObjectStore) -> None:
    told, late = some_events(), some_events()
    await write(store, told[:2], told[2:])
    await Compactor(store).compact(DAY)
    await write(store, late)

    await Compactor(store).compact(DAY)

    assert len(await store.list(FOLDER)) == 1
    assert ids_in(await lines(store)) == ids([*told, *late])


async def test_bad_lines_stay_and_are_counted_once(store: ObjectStore) -> None:
    told = some_events()
    await write(store, told)
    good = told[0].model_dump_json().encode()
    other_topic = good.replace(b"monitoring_started", b"monitoring_stopped")
    await store.put(f"{FOLDER}/events-a.jsonl", b"\n".join([BAD, BAD, other_topic, good, b"cut off"]))
    await store.put(f"{FOLDER}/events-b.jsonl", BAD + b"\n")

    (done,) = await Compactor(store).compact(DAY)

    assert (done.sources, done.lines, done.bad) == (3, 8, 4)
    found = Counter(await lines(store))
    assert (found[BAD], found[other_topic], found[good], found[b"cut off"]) == (2, 1, 1, 1)


class DyingStore:
    """An ObjectStore whose process dies at the n-th change."""

    def __init__(self, store: ObjectStore, changes: int) -> None:
        self._store = store
        self._changes = changes
        self.list, self.get, self.stat, self.sweep = store.list, store.get, store.stat, store.sweep

    async def put(self, name: str, data: bytes | AsyncIterator[bytes]) -> StoredObject:
        self._live()
        return await self._store.put(name, data)

    async def delete(self, name: str) -> None:
        self._live()
        await self._store.delete(name)

    def _live(self) -> None:
        if self._changes == 0:
            raise ConnectionError("the process died here")
        self._changes -= 1


@pytest.mark.parametrize("changes", range(4))
async def test_a_run_that_broke_off_is_finished_by_the_next(store: ObjectStore, changes: int) -> None:
    told = some_events()
    await write(store, told[:1], told[1:2], told[2:])
    await store.put(f"{FOLDER}/events-z.jsonl", BAD)

    with pytest.raises(ConnectionError):
        await Compactor(DyingStore(store, changes)).compact(DAY)
    between = await lines(store)
    await Compactor(store).compact(DAY)

    assert set(ids_in(between)) == set(ids(told))
    assert BAD in between
    assert len(await store.list(FOLDER)) == 1
    after = await lines(store)
    assert (ids_in(after), after.count(BAD)) == (ids(told), 1)


class WatchedStore(FileStore):
    """Nothing is deleted before somebody has looked; then things go on without waiting."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.looked = asyncio.Event()

    async def delete(self, name: str) -> None:
        await self.looked.wait()
        await super().delete(name)


async def test_who_reads_meanwhile_finds_every_event(tmp_path: Path) -> None:
    """Whatever moment a reader lists the folder, what it finds there holds every event."""
    store, told = WatchedStore(tmp_path), [event for _ in range(10) for event in some_events()]
    await write(store, *[told[start : start + 2] for start in range(0, 40, 2)])
    compacting = asyncio.create_task(Compactor(store).compact(DAY))

    while not compacting.done():
        names = [found.name for found in await store.list(FOLDER)]
        texts = await contents(store, names)
        if texts is not None:
            assert set(ids_in([line for text in texts for line in text.splitlines()])) == set(ids(told))
            store.looked.set()

    await compacting
    assert store.looked.is_set()


async def contents(store: ObjectStore, names: list[str]) -> list[bytes] | None:
    """All of them; None when one was joined and deleted since they were listed: such a reader lists again."""
    try:
        return [await store.get(name) for name in names]
    except Failure as failure:
        if failure.type is not FailureType.NOT_FOUND:
            raise
        return None
