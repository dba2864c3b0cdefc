"""The relay and its sinks: at least once from the outbox, exactly once in the mirrors."""

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from activities.adapters.lake import LakeSink, event_file_name
from activities.adapters.memory.event_sink import MemoryEventSink
from activities.adapters.memory.outbox import MemoryOutbox
from activities.adapters.sql.receipt_book import receipt_books_of
from activities.adapters.timeline import TimelineSink
from activities.ports import EventSink
from activities.relay import Relay
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.db.tables.reservations import ReservationsReceipt
from schema.events import Envelope, Source
from schema.ids import new_id
from schema.publication import Told, subject_of, told_by_start
from schema.task import MonitoringStart
from tests.contracts.builder import NOON, a_monitoring


def events(count: int, at: datetime = NOON) -> list[Envelope]:
    outbox = MemoryOutbox(Source.MONITORING)
    for _ in range(count):
        publish(outbox, at)
    return outbox.envelopes


def publish(outbox: MemoryOutbox, at: datetime = NOON) -> None:
    monitoring = a_monitoring(new_id())
    told: Told = told_by_start(MonitoringStart(monitoring=monitoring, at=at))
    outbox.publish(subject_of(monitoring), [told])


def an_outbox(count: int) -> MemoryOutbox:
    outbox = MemoryOutbox(Source.MONITORING)
    for _ in range(count):
        publish(outbox)
    return outbox


class Crash(Exception):
    """The process died here."""


class CrashingSink:
    """An EventSink whose process dies once, before or after another sink has taken the events."""

    def __init__(self, sink: EventSink, *, after: bool) -> None:
        self._sink = sink
        self._after = after
        self.is_armed = True

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        crashes, self.is_armed = self.is_armed, False
        if crashes and not self._after:
            raise Crash
        await self._sink.publish(envelopes)
        if crashes:
            raise Crash


class ForgetfulOutbox(MemoryOutbox):
    """An Outbox whose process dies once before it can mark."""

    is_armed = True

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        crashes, self.is_armed = self.is_armed, False
        if crashes:
            raise Crash
        await super().mark_published(event_ids, at)


def relay(outbox: MemoryOutbox, *sinks: EventSink) -> Relay:
    return Relay([outbox], sinks, lambda: NOON, pause=timedelta(milliseconds=1))


def lines(lake: Path) -> list[str]:
    return [
        json.loads(line)["event_id"]
        for path in sorted(lake.rglob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def tear(lake: Path, torn: bytes) -> None:
    """End the only file with half a line, as a crash would."""
    (path,) = lake.rglob("*.jsonl")
    path.write_bytes(path.read_bytes() + torn)


def ids(envelopes: Sequence[Envelope]) -> list[str]:
    return [str(envelope.event_id) for envelope in envelopes]


async def test_a_step_takes_what_is_unpublished_to_every_sink() -> None:
    outbox, one, two = an_outbox(3), MemoryEventSink(), MemoryEventSink()

    relayed = [await relay(outbox, one, two).step() for _ in range(2)]

    assert relayed == [3, 0]
    assert list(one.events) == list(two.events) == outbox.envelopes


@pytest.mark.parametrize("after", [True, False])
async def test_a_crash_between_sinks_is_made_good(tmp_path: Path, after: bool) -> None:
    outbox, second = an_outbox(3), MemoryEventSink()
    worker = relay(outbox, LakeSink(tmp_path), CrashingSink(second, after=after))

    with pytest.raises(Crash):
        await worker.step()
    await worker.step()

    assert lines(tmp_path) == ids(outbox.envelopes)
    assert list(second.events) == outbox.envelopes


async def test_a_crash_before_marking_is_made_good(tmp_path: Path, databases: Databases) -> None:
    outbox = ForgetfulOutbox(Source.MONITORING)
    publish(outbox)
    sinks = (LakeSink(tmp_path), TimelineSink(databases.analytics))

    with pytest.raises(Crash):
        await relay(outbox, *sinks).step()
    # Another process takes over: it knows nothing of the first one's sinks.
    await relay(outbox, LakeSink(tmp_path), TimelineSink(databases.analytics)).step()

    assert lines(tmp_path) == ids(outbox.envelopes)
    async with databases.analytics.read() as session:
        assert len((await session.scalars(select(TimelineEvent))).all()) == 1


async def test_run_goes_on_after_trouble_and_reports_it(caplog: pytest.LogCaptureFixture) -> None:
    outbox, sink, stop = an_outbox(2), MemoryEventSink(), asyncio.Event()
    running = asyncio.create_task(relay(outbox, CrashingSink(sink, after=False)).run(stop))

    async with asyncio.timeout(60):
        while await outbox.unpublished(1):
            await asyncio.sleep(0.001)
    stop.set()
    await running

    assert list(sink.events) == outbox.envelopes
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_the_timeline_holds_an_event_once(databases: Databases) -> None:
    sink, told = TimelineSink(databases.analytics, now=lambda: NOON), events(3)

    await sink.publish([*told, told[0]])
    await sink.publish(told)

    async with databases.analytics.read() as session:
        rows = (await session.scalars(select(TimelineEvent))).all()
    assert sorted(str(row.event_id) for row in rows) == sorted(ids(told))
    assert rows[0].data == {"rules_version": "rules-1", "model_version": "model-1"}
    assert rows[0].occurred_at == NOON


async def test_the_lake_has_one_file_per_topic_and_day(tmp_path: Path) -> None:
    today, tomorrow = events(2), events(2, NOON + timedelta(days=1))
    sink = LakeSink(tmp_path)

    await sink.publish([*today, *tomorrow])
    await sink.publish(events(1))

    assert files_below(tmp_path) == [
        f"raw/events/monitoring_started/2026/11/{day}/events.jsonl" for day in (22, 23)
    ]
    assert len(lines(tmp_path)) == 5


def test_the_day_is_counted_in_utc() -> None:
    (event,) = events(1, datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=2))))

    assert event_file_name(event) == "raw/events/monitoring_started/2026/11/22/events.jsonl"


@pytest.mark.parametrize("torn", [b'{"event_id": "0190', b"\0\0\0\0\n", b'{"a": 1}\n'])
async def test_a_line_that_a_crash_cut_off_is_cut_away_and_written_again(tmp_path: Path, torn: bytes) -> None:
    told = events(3)
    await LakeSink(tmp_path).publish(told[:2])
    tear(tmp_path, torn)

    await LakeSink(tmp_path).publish(told)

    assert lines(tmp_path) == ids(told)


async def test_two_relays_at_once_do_no_harm(tmp_path: Path) -> None:
    told, one, two = events(60), LakeSink(tmp_path), LakeSink(tmp_path)
    batches = [told[start : start + 6] for start in range(0, 60, 6)]

    for batch in batches:
        await asyncio.gather(one.publish(batch), two.publish(batch))

    assert lines(tmp_path) == ids(told)


async def test_a_stopped_relay_stops_while_it_waits() -> None:
    stop = asyncio.Event()
    worker = Relay([an_outbox(0)], [], lambda: datetime.now(UTC), pause=timedelta(hours=1))
    running = asyncio.create_task(worker.run(stop))
    await asyncio.sleep(0.01)

    stop.set()

    async with asyncio.timeout(60):
        await running
    assert running.done()


async def test_what_was_published_long_ago_is_dropped() -> None:
    outbox = an_outbox(2)
    await relay(outbox, MemoryEventSink()).step()
    publish(outbox)

    early = await Relay([outbox], [], lambda: NOON + timedelta(days=30)).tidy()
    late = await Relay([outbox], [], lambda: NOON + timedelta(days=31)).tidy()

    assert (early, late) == (0, 2)
    assert len(outbox.envelopes) == 1


async def test_receipts_are_dropped_when_they_are_older_than_any_retry(databases: Databases) -> None:
    async with databases.reservations.write() as session:
        for age in (timedelta(days=29), timedelta(days=31)):
            kept = {"fingerprint": "f", "status": 200, "body": "{}", "created_at": NOON - age}
            session.add(ReservationsReceipt(receipt_id=new_id(), **kept))

    await Relay([], [], lambda: NOON, receipts=receipt_books_of(databases)).tidy()

    async with databases.reservations.read() as session:
        left = list(await session.scalars(select(ReservationsReceipt.created_at)))
    assert left == [NOON - timedelta(days=29)]


class AwaySink:
    """An EventSink that cannot be reached until it is back."""

    def __init__(self) -> None:
        self.is_back = False
        self.there = MemoryEventSink()

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        if not self.is_back:
            raise ConnectionError
        await self.there.publish(envelopes)


async def test_a_mirror_that_is_away_holds_nobody_up_and_catches_up() -> None:
    outbox, near, far = an_outbox(700), MemoryEventSink(), AwaySink()
    direct, mirroring = relay(outbox, near), Relay([outbox.mirror()], [far], lambda: NOON)

    with pytest.raises(ConnectionError):
        await mirroring.step()
    while await direct.step():
        pass
    forgotten = await Relay([outbox], [], lambda: NOON + timedelta(days=99)).tidy()
    far.is_back = True
    while await mirroring.step():
        pass

    assert forgotten == 0
    assert ids(near.events) == ids(far.there.events) == ids(outbox.envelopes)
