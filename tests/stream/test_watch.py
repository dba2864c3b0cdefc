"""Watching an attempt: nothing lost, nothing doubled, whoever dies in between."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from temporalio.api.failure.v1 import Failure as TemporalFailure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adapters.memory.checkpoint_book import MemoryCheckpointBook
from activities.adapters.memory.feed import MemoryRecordFeed
from activities.adapters.memory.incident_book import MemoryIncidentBook
from activities.adapters.memory.monitoring import MemoryMonitoring
from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.ports import CheckpointBook, IncidentBook
from activities.watch import WatchActivities
from schema.db.session import Databases
from schema.failures import Failure
from schema.ids import new_id
from schema.incident import Incident
from schema.settings import Settings
from schema.task import WatchResult
from tests.stream.node import WAIT, Node
from tests.stream.task import watch_task
from tests.stream.watching import CountingWatchers, HeardSignals, SlowWatchers, frames

Books = tuple[CheckpointBook, IncidentBook]


@pytest.fixture(params=["memory", "sql"])
async def books(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Books]:
    if request.param == "memory":
        monitoring = MemoryMonitoring()
        yield MemoryCheckpointBook(monitoring), MemoryIncidentBook(monitoring)
        return
    databases = Databases.open(settings.database_url_of)
    yield SqlCheckpointBook(databases.monitoring), SqlIncidentBook(databases.monitoring)
    await databases.close()


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, "inference") as executor:
        yield executor


class Bench:
    """One worker after another over the same feed and books."""

    def __init__(self, books: Books, thread: ThreadPoolExecutor, signals: HeardSignals | None = None) -> None:
        self.attempt = new_id()
        self.feed = MemoryRecordFeed()
        self.watchers = CountingWatchers()
        self.signals = signals or HeardSignals()
        self.checkpoints, self.incidents = books
        self._thread = thread
        self.heartbeats = 0

    def watch(self, owner: str, feed: object = None) -> "asyncio.Task[WatchResult]":
        """Start a worker."""
        activities = WatchActivities(
            feed or self.feed,  # type: ignore[arg-type]
            self.checkpoints,
            self.watchers,
            self.signals,
            self._thread,
            owner,
        )
        environment = ActivityEnvironment()
        environment.on_heartbeat = self._beat
        return asyncio.ensure_future(environment.run(activities.watch_attempt, watch_task(self.attempt)))

    async def found(self) -> Sequence[Incident]:
        """All incidents."""
        return await self.incidents.of_attempt(self.attempt)

    async def until(self, count: int) -> None:
        """Wait until so many incidents are committed."""
        async with asyncio.timeout(WAIT):
            while len(await self.found()) < count:
                await asyncio.sleep(0.01)

    def _beat(self, *details: object) -> None:
        self.heartbeats += 1


def expected(attempt: UUID, count: int) -> list[tuple[int, bool]]:
    return [(offset, offset < count) for offset in range(5, count + 1, 5)]


async def test_every_frame_is_analysed_once_and_every_incident_signalled_once(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    bench = Bench(books, thread)
    bench.feed.add(bench.attempt, *frames(47))
    bench.feed.end(bench.attempt)

    result = await bench.watch("one")

    found = await bench.found()
    assert result == WatchResult(frames=47, unreadable=1, final_offset=47)
    assert [(one.opening_offset, one.ended_at is not None) for one in found] == expected(bench.attempt, 47)
    names = [name for name, _ in bench.signals.heard]
    assert names == ["incident_opened", "incident_closed"] * 9
    assert len(set(bench.signals.heard)) == 18
    assert bench.watchers.threads == {"inference_0"}
    assert bench.heartbeats >= 1
    assert await bench.checkpoints.owed_signals(bench.attempt) == []


async def test_an_incident_is_signalled_while_frames_still_come(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    bench = Bench(books, thread)
    watching = bench.watch("one")
    bench.feed.add(bench.attempt, *frames(5))
    async with asyncio.timeout(WAIT):
        while not bench.signals.heard:
            await asyncio.sleep(0.01)
    bench.feed.end(bench.attempt)

    assert (await watching).frames == 5
    assert bench.signals.heard[0][0] == "incident_opened"


async def test_another_worker_goes_on_where_a_killed_one_stood(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    bench = Bench(books, thread)
    bench.feed.add(bench.attempt, *frames(23))
    first = bench.watch("one")
    await bench.until(4)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    bench.feed.add(bench.attempt, *frames(24, 24))
    bench.feed.end(bench.attempt)

    result = await bench.watch("two")

    assert result == WatchResult(frames=47, unreadable=1, final_offset=47)
    assert [(one.opening_offset, one.ended_at is not None) for one in await bench.found()] == expected(
        bench.attempt, 47
    )
    # A worker killed between a signal and the note of it makes the next one say it again: the workflow dedupes.
    assert len(set(bench.signals.heard)) == 18
    assert bench.signals.started == 2


async def test_a_worker_that_lost_its_lease_stops_and_writes_nothing(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    bench = Bench(books, thread)
    stale = bench.watch("one")
    bench.feed.add(bench.attempt, *frames(12))
    await bench.until(2)
    fresh = bench.watch("two")
    async with asyncio.timeout(WAIT):
        while bench.signals.started < 2:  # it says so once it holds the lease
            await asyncio.sleep(0.01)
    bench.feed.add(bench.attempt, *frames(35, 13))
    bench.feed.end(bench.attempt)

    result = await fresh
    with pytest.raises(ApplicationError) as stopped:
        await stale

    assert result == WatchResult(frames=47, unreadable=1, final_offset=47)
    assert stopped.value.type == "conflict"
    assert not stopped.value.non_retryable
    assert len(await bench.found()) == 9


async def test_what_a_dead_worker_owed_is_delivered_by_the_next(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    bench = Bench(books, thread, HeardSignals(failures=1000))
    bench.feed.add(bench.attempt, *frames(12))
    first = bench.watch("one")
    async with asyncio.timeout(WAIT):
        while len(await bench.checkpoints.owed_signals(bench.attempt)) < 4:
            await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    bench.signals = HeardSignals(failures=2)
    bench.feed.end(bench.attempt)
    with pytest.raises(Exception, match="Temporal does not answer"):
        await bench.watch("two")
    with pytest.raises(Exception, match="Temporal does not answer"):
        await bench.watch("three")

    await bench.watch("four")

    assert [name for name, _ in bench.signals.heard] == ["incident_opened", "incident_closed"] * 2


async def test_a_failure_on_the_way_is_one_that_temporal_can_write_down(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    """One that names itself as its cause is followed in a circle until the stack is full."""
    bench = Bench(books, thread, HeardSignals(failures=1000))
    bench.feed.add(bench.attempt, *frames(12))
    bench.feed.end(bench.attempt)

    with pytest.raises(Failure) as failed:
        await bench.watch("one")

    written = TemporalFailure()
    await DataConverter.default.encode_failure(failed.value, written)
    assert written.message == "Temporal does not answer."
    assert not written.cause.message


async def test_an_attempt_without_a_record_ends(books: Books, thread: ThreadPoolExecutor) -> None:
    bench = Bench(books, thread)
    bench.feed.end(bench.attempt)

    assert await bench.watch("one") == WatchResult(frames=0, unreadable=0, final_offset=0)


async def test_a_real_node_is_watched_to_the_end(node: Node, thread: ThreadPoolExecutor) -> None:
    monitoring = node.databases.monitoring
    bench = Bench((SqlCheckpointBook(monitoring), SqlIncidentBook(monitoring)), thread)
    bench.attempt, student = await node.open_attempt()
    watching = bench.watch("one", node.feed)
    async with node.browser(bench.attempt, student) as browser:
        for seq in range(1, 8):
            await browser.send_frame(seq)
        await browser.acks(7)
        await bench.until(1)  # found while the exam goes on
    await node.feeds.close(bench.attempt)

    result = await watching

    records = await node.until_final(bench.attempt)
    assert result == WatchResult(frames=len(records), unreadable=0, final_offset=records[-1].offset)
    assert await node.segments.final_offset(bench.attempt) == result.final_offset
    assert [name for name, _ in bench.signals.heard][:1] == ["incident_opened"]


async def test_models_that_take_long_to_load_are_waited_for_with_heartbeats(
    books: Books, thread: ThreadPoolExecutor
) -> None:
    bench = Bench(books, thread)
    bench.watchers = SlowWatchers(lambda: bench.heartbeats > 0)
    bench.feed.add(bench.attempt, *frames(3))
    bench.feed.end(bench.attempt)
    result = await asyncio.wait_for(bench.watch("worker-1"), WAIT)

    assert result.frames == 3
