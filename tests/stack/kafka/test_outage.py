"""Kafka is killed while events are told: nobody waits for it, and afterwards all counts agree."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from activities.adapters.files import FileStore
from activities.adapters.kafka import Kafka
from activities.adapters.memory.event_sink import MemoryEventSink
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.adapters.sql.outbox import Mark, outboxes_of
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.ids import new_id
from schema.settings import Settings
from schema.task import MonitoringStart
from tests.contracts.builder import NOON, a_monitoring
from tests.db.database import copy_of
from tests.stack.kafka.broker import Broker
from tests.stack.kafka.topic_reader import ends, records_since
from workers.mirror import event_loops

DOWN = timedelta(seconds=20)  # longer than a publication is waited for
PART = 40


@pytest.fixture
async def databases(tmp_path: Path, template: Path) -> AsyncIterator[Databases]:
    opened = Databases.open(copy_of(template, tmp_path / "db"))
    yield opened
    await opened.close()


@pytest.fixture
def settings(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    told = {"VAR_DIR": tmp_path, "KAFKA_BOOTSTRAP": broker.bootstrap, "ENABLE_KAFKA_CONSUMER": "true"}
    for name, value in {**told, "KAFKA_PARTITIONS": 3}.items():
        monkeypatch.setenv(name, str(value))
    return Settings(_env_file=None)


@contextlib.asynccontextmanager
async def carrying(settings: Settings, databases: Databases) -> AsyncIterator[None]:
    stop = asyncio.Event()
    loops = event_loops(settings, databases, FileStore(settings.lake_dir), MemoryEventSink())
    tasks = [asyncio.ensure_future(loop(stop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def tell(databases: Databases) -> None:
    for _ in range(PART):
        start = MonitoringStart(monitoring=a_monitoring(new_id()), at=NOON)
        await SqlIncidentBook(databases.monitoring).publish_start(start)


async def in_timeline(databases: Databases) -> set[UUID]:
    async with databases.analytics.read() as session:
        return set(await session.scalars(select(TimelineEvent.event_id)))


async def in_lake(settings: Settings) -> list[UUID]:
    files = list((settings.lake_dir / "raw" / "events").rglob("events.jsonl"))
    lines = [line for path in files for line in path.read_text().splitlines()]
    return [UUID(json.loads(line)["event_id"]) for line in lines]


async def owed_to_kafka(databases: Databases) -> int:
    return len(await outboxes_of(databases, Mark.MIRRORED)[1].unpublished(1_000))


async def until(is_so: Callable[[], Awaitable[bool]], within: float) -> None:
    async with asyncio.timeout(within):
        while not await is_so():
            await asyncio.sleep(0.2)


@pytest.mark.timeout(300)
@pytest.mark.slow
async def test_an_outage_of_kafka_delays_its_readers_and_nobody_else(
    broker: Broker, kafka: Kafka, settings: Settings, databases: Databases
) -> None:
    before = await ends(kafka)

    async def lake_has_all() -> bool:
        return await in_timeline(databases) <= set(await in_lake(settings))

    async def timeline_has(count: int) -> bool:
        return len(await in_timeline(databases)) == count

    async with carrying(settings, databases):
        await tell(databases)
        await until(lambda: timeline_has(PART), 10)
        await until(lake_has_all, 60)

        broker.kill()
        await tell(databases)
        await until(lambda: timeline_has(2 * PART), 10)
        await asyncio.sleep(DOWN.total_seconds())
        owed = await owed_to_kafka(databases)
        broker.start()
        await tell(databases)
        await until(lambda: timeline_has(3 * PART), 10)
        await until(lake_has_all, 120)

    told = await in_timeline(databases)
    mirrored = [UUID(json.loads(record.value)["event_id"]) for record in await records_since(kafka, before)]
    lake = [event_id for event_id in await in_lake(settings) if event_id in told]
    assert owed == PART
    assert await owed_to_kafka(databases) == 0
    assert set(mirrored) == set(lake) == told
    assert len(lake) == 3 * PART
