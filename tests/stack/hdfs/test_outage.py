"""HDFS is killed while objects and events are written: they come later, and none is lost."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from activities.adapters.hdfs import HdfsStore
from activities.adapters.memory.event_sink import MemoryEventSink
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.adapters.sql.outbox import Mark, outboxes_of
from activities.ports import ObjectStore
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.settings import Settings
from schema.task import MonitoringStart
from tests.contracts.builder import NOON, a_monitoring
from tests.contracts.test_compaction import ids_in
from tests.db.database import copy_of, make_template
from tests.stack.hdfs.conftest import USER
from tests.stack.running import RunningStack
from workers.mirror import event_loops

WRITERS, EACH = 4, 8


class Log:
    """Writes objects and remembers what was acknowledged."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.acknowledged: dict[str, bytes] = {}

    async def write(self, writer: int, count: int = EACH, size: int = 300_000) -> None:
        for number in range(count):
            name, data = f"archive/{writer}/{number}", os.urandom(size)
            await self._store.put(name, data)
            self.acknowledged[name] = data

    async def check(self) -> None:
        """Everything that was acknowledged is there whole, and nothing else."""
        assert [found.name for found in await self._store.list("")] == sorted(self.acknowledged)
        for name, data in self.acknowledged.items():
            assert await self._store.get(name) == data


async def until(is_so: Callable[[], Awaitable[bool]], within: float = 60) -> None:
    async with asyncio.timeout(within):
        while not await is_so():
            await asyncio.sleep(0.1)


@contextlib.contextmanager
def without(stack: RunningStack, member: str) -> Iterator[None]:
    stack.ask("halt", member)
    try:
        yield
    finally:
        stack.ask("resume", member)


@pytest.mark.parametrize(
    "victims", [("hdfs-name",), ("hdfs-data-1", "hdfs-data-2")], ids=["name node", "data nodes"]
)
async def test_nodes_that_are_killed_delay_writes_and_lose_none(
    stack: RunningStack, store: HdfsStore, victims: tuple[str, ...]
) -> None:
    log, killed = Log(store), {stack.pid(victim) for victim in victims}
    writing = [asyncio.create_task(log.write(writer)) for writer in range(WRITERS)]

    async def under_way() -> bool:
        return len(log.acknowledged) >= WRITERS

    await until(under_way)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    before = len(log.acknowledged)
    await asyncio.gather(*writing)

    assert before < len(log.acknowledged) == WRITERS * EACH
    await log.check()
    for victim in victims:
        await asyncio.to_thread(stack.wait_until, victim, "answers")
    assert killed.isdisjoint({stack.pid(victim) for victim in victims})


async def test_a_data_node_that_is_away_stops_nobody(stack: RunningStack, store: HdfsStore) -> None:
    log = Log(store)
    await log.write(0)

    with without(stack, "hdfs-data-1"):
        await log.write(1)
        await log.check()

    await asyncio.to_thread(stack.wait_until, "hdfs-data-1", "answers")


@pytest.fixture
async def databases(tmp_path: Path) -> AsyncIterator[Databases]:
    template = make_template(tmp_path / "template")
    opened = Databases.open(copy_of(template, tmp_path / "db"))
    yield opened
    await opened.close()


@pytest.fixture
def settings(hdfs_url: str, root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    told = {"USE_LOCAL_STORAGE": "false", "HDFS_URL": hdfs_url, "HDFS_ROOT": root, "LAKE_FLUSH": "PT1S"}
    for name, value in {**told, "VAR_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


@contextlib.asynccontextmanager
async def carrying(settings: Settings, databases: Databases, store: ObjectStore) -> AsyncIterator[None]:
    stop = asyncio.Event()
    loops = event_loops(settings, databases, store, MemoryEventSink())
    tasks = [asyncio.ensure_future(loop(stop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def tell(databases: Databases, count: int) -> None:
    for _ in range(count):
        start = MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON)
        await SqlIncidentBook(databases.monitoring).publish_start(start)


async def in_timeline(databases: Databases) -> list[str]:
    async with databases.analytics.read() as session:
        return sorted(str(event_id) for event_id in await session.scalars(select(TimelineEvent.event_id)))


async def in_lake(store: ObjectStore) -> list[str]:
    objects = [await store.get(found.name) for found in await store.list("raw/events")]
    return ids_in([line for text in objects for line in text.splitlines()])


async def test_an_outage_delays_the_lake_and_nobody_else(
    stack: RunningStack, hdfs_url: str, root: str, settings: Settings, databases: Databases
) -> None:
    store = HdfsStore(hdfs_url, USER, root, patience=timedelta(seconds=1))

    async def timeline_has_all() -> bool:
        return len(await in_timeline(databases)) == 60

    async def lake_owes_nothing() -> bool:
        return not await outboxes_of(databases, Mark.STORED)[1].unpublished(1)

    async with carrying(settings, databases, store):
        await tell(databases, 30)
        await until(lake_owes_nothing)
        with without(stack, "hdfs-name"):
            await tell(databases, 30)
            await until(timeline_has_all, within=15)
            assert not await lake_owes_nothing()
            started = time.monotonic()
            for call in (store.put("archive/x", b"x"), store.get("archive/y")):
                with pytest.raises(Failure) as away:
                    await call
                assert away.value.type is FailureType.UNAVAILABLE
            assert time.monotonic() - started < 20
        await until(lake_owes_nothing, within=120)

    assert await in_lake(store) == await in_timeline(databases)
    assert len(await store.list("raw/events")) < 15  # a batch is an object, not an event
    assert not settings.lake_dir.exists()
