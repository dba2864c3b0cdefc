"""A detector that stands still under forty streams: said within ten seconds, and as the records themselves tell it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.waiting import SqlWaitingBook
from activities.watch import WatchActivities
from api.demo.camera import Camera
from api.demo.person import Person
from schema.db.tables.monitoring import WatchCheckpoint
from schema.lag.age import ALERT_AFTER, LATE_AFTER, NONE
from schema.role import Role
from tests.stream.browser import jpeg
from tests.stream.node import WAIT, Node
from tests.stream.task import watch_task
from tests.stream.watching import CountingWatchers, HeardSignals
from workers.doctor import lag as doctor
from workers.doctor.finding import State

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

STREAMS, LOOKED_AT, TOLD_WITHIN = 40, 5, 10.0


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, "inference") as executor:
        yield executor


async def test_it_is_said_within_ten_seconds_and_agrees_with_the_records(
    node: Node, thread: ThreadPoolExecutor
) -> None:
    book, goes_on = SqlWaitingBook(node.databases.monitoring), threading.Event()
    async with _watched_streams(node, thread) as (attempts, students):
        await _until(lambda: _keeps_up(book, attempts))
        thread.submit(goes_on.wait)
        stopped = time.monotonic()
        try:
            await _until(lambda: _is_behind(book, attempts, LATE_AFTER))
            await _until(lambda: _say_so(attempts[:LOOKED_AT], students[:LOOKED_AT]))
            wall = time.monotonic() - stopped
            await _until(lambda: _doctor_says(node))
            told = time.monotonic() - stopped
            lags = await book.lags(datetime.now(UTC))
            for attempt_id in attempts[:LOOKED_AT]:
                await _check(node, book, attempt_id)
            await _until(lambda: _is_behind(book, attempts, ALERT_AFTER))
        finally:
            goes_on.set()
        await _until(lambda: _keeps_up(book, attempts))

    assert set(attempts) <= lags.keys()
    assert min(lags[one] for one in attempts) > LATE_AFTER
    assert (wall, told) <= (TOLD_WITHIN, TOLD_WITHIN)


@asynccontextmanager
async def _watched_streams(
    node: Node, thread: ThreadPoolExecutor
) -> AsyncIterator[tuple[Sequence[UUID], Sequence[Person]]]:
    made = [await node.open_attempt() for _ in range(STREAMS)]
    students = [
        Person(node.settings.public_url, "", "").holding(await node.token(who, Role.STUDENT), str(who))
        for _, who in made
    ]
    attempts = [attempt_id for attempt_id, _ in made]
    cameras = [Camera(who, str(one)) for one, who in zip(attempts, students, strict=True)]
    for camera in cameras:
        camera.open()
    checkpoints = SqlCheckpointBook(node.databases.monitoring)
    watch = WatchActivities(node.feed, checkpoints, CountingWatchers(), HeardSignals(), thread, "test")
    tasks: list[asyncio.Future[object]] = [asyncio.ensure_future(_send(camera)) for camera in cameras]
    for one in attempts:
        running = ActivityEnvironment().run(watch.watch_attempt, watch_task(one))
        tasks.append(asyncio.ensure_future(running))
    try:
        yield attempts, students
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for camera, student in zip(cameras, students, strict=True):
            await camera.close()
            await student.leave()


async def _send(camera: Camera) -> None:
    number = 0
    while True:
        number += 1
        await camera.frame(jpeg(number))
        await asyncio.sleep(2)


async def _healths(attempts: Sequence[UUID], students: Sequence[Person]) -> list[dict[str, object]]:
    asked = zip(attempts, students, strict=True)
    return [await who.get(f"/api/monitoring/attempts/{one}/presence") for one, who in asked]


async def _say_so(attempts: Sequence[UUID], students: Sequence[Person]) -> bool:
    """In words, too."""
    found = await _healths(attempts, students)
    return all("detector" in " ".join(health["troubles"]) for health in found)  # type: ignore[arg-type]


async def _keeps_up(book: SqlWaitingBook, attempts: Sequence[UUID]) -> bool:
    """Everybody has sent something, and nothing of it waits for long."""
    now, analysed = datetime.now(UTC), await book.analysed(attempts)
    lags = (await book.lags(now, attempts)).values()
    return (
        len(analysed) == len(attempts)
        and min(analysed.values()) > 0
        and max(lags, default=NONE) <= LATE_AFTER
    )


async def _doctor_says(node: Node) -> bool:
    return any(finding.state is not State.GOOD for finding in await doctor.check(node.settings))


async def _is_behind(book: SqlWaitingBook, attempts: Sequence[UUID], by: timedelta) -> bool:
    lags = await book.lags(datetime.now(UTC), attempts)
    return len(lags) == len(attempts) and min(lags.values()) > by


async def _check(node: Node, book: SqlWaitingBook, attempt_id: UUID) -> None:
    """The age of the oldest record behind the checkpoint."""
    async with node.databases.monitoring.read() as session:
        analysed = (await session.get_one(WatchCheckpoint, attempt_id)).offset
    (oldest,) = (await node.feed.read(attempt_id, analysed, 1, 0)).records
    now = datetime.now(UTC)
    lag = (await book.lags(now, [attempt_id]))[attempt_id]
    assert lag.total_seconds() == pytest.approx((now - oldest.received_at).total_seconds(), abs=1)


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT):
        while not await is_so():
            await asyncio.sleep(0.1)
