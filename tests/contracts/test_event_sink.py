"""EventSink: an event that comes twice is there once, in every mirror."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from activities.adapters.files import FileStore
from activities.adapters.lake import LakeSink
from activities.adapters.lake_object import LakeObjectSink
from activities.adapters.memory.event_sink import MemoryEventSink
from activities.adapters.memory.outbox import MemoryOutbox
from activities.adapters.timeline import TimelineSink
from activities.ports import EventSink
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.events import Envelope, Source
from schema.ids import new_id
from schema.publication import subject_of, told_by_start
from schema.task import MonitoringStart
from tests.contracts.builder import NOON, a_monitoring

Mirror = tuple[EventSink, Callable[[], Awaitable[list[UUID]]]]


def in_files(lake: Path) -> list[UUID]:
    return [
        UUID(json.loads(line)["event_id"])
        for path in lake.rglob("*.jsonl")
        for line in path.read_text().splitlines()
    ]


@pytest.fixture(params=["memory", "lake", "objects", "timeline"])
def mirror(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Mirror:
    """A sink, and the events that it holds."""
    memory = MemoryEventSink()

    async def in_memory() -> list[UUID]:
        return [event.event_id for event in memory.events]

    async def in_lake() -> list[UUID]:
        return in_files(tmp_path / "lake")

    async def in_objects() -> list[UUID]:
        return in_files(tmp_path / "objects")

    async def in_timeline() -> list[UUID]:
        async with databases.analytics.read() as session:
            return list(await session.scalars(select(TimelineEvent.event_id)))

    mirrors: dict[str, Mirror] = {
        "memory": (memory, in_memory),
        "lake": (LakeSink(tmp_path / "lake"), in_lake),
        "objects": (LakeObjectSink(FileStore(tmp_path / "objects")), in_objects),
        "timeline": (TimelineSink(databases.analytics), in_timeline),
    }
    return mirrors[request.param]


def some_events() -> list[Envelope]:
    outbox = MemoryOutbox(Source.MONITORING)
    for monitoring in [a_monitoring(new_id()) for _ in range(4)]:
        start = MonitoringStart(monitoring=monitoring, at=NOON)
        outbox.publish(subject_of(monitoring), [told_by_start(start)])
    return outbox.envelopes


async def test_every_event_is_there_once_however_often_it_comes(mirror: Mirror) -> None:
    (sink, held), told = mirror, some_events()

    await sink.publish(told[:3])
    await sink.publish([told[2], told[3], told[3], told[0]])

    assert sorted(await held()) == sorted(event.event_id for event in told)


async def test_nothing_is_nothing(mirror: Mirror) -> None:
    sink, held = mirror

    await sink.publish([])

    assert await held() == []
