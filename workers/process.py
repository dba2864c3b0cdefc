"""One worker process: the workers of its queues and the loops that live beside them, until SIGTERM."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.adapters.cohort_starter import TemporalCohortStarter
from activities.adapters.feed import NodeSegmentSource
from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.conversation_book import SqlConversationBook
from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.adapters.sql.segment import SqlSegmentBook
from activities.alarm import AlarmSink
from activities.call_loop import CallLoop
from activities.mail_loop import MailLoop
from activities.operation_loop import OperationLoop
from activities.ports import ObjectStore
from activities.segment import SegmentUploader
from schema.failures import Failure
from schema.queue import Queue
from schema.settings import Settings
from workers.build import BUILDERS, courier, mail_domain, notices
from workers.equipment import Equipment, equipment
from workers.mirror import event_loops

LOG = logging.getLogger(__name__)
UPLOAD_EVERY_SECONDS = 2.0
LOOPS_END_WITHIN = timedelta(seconds=5)  # a supervisor kills a process after 15
SWEEP_EVERY = timedelta(hours=1)
BROKEN_OFF = timedelta(days=1)  # no write to the store takes that long

Loop = Callable[[asyncio.Event], Awaitable[None]]


async def serve(settings: Settings, queues: tuple[Queue, ...]) -> None:
    """Serve until SIGTERM or SIGINT; activities get a moment to end. Ends with an error when a loop does."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(equipment(settings))
        for queue in queues:
            await stack.enter_async_context(BUILDERS[queue](tools))
        LOG.info("serving %s", ", ".join(queues))
        await run_beside(_loops(tools) if Queue.IO in queues else (), stop)


async def run_beside(
    loops: tuple[Loop, ...], stop: asyncio.Event, end_within: timedelta = LOOPS_END_WITHIN
) -> None:
    """Run loops until `stop`, or until one ends. Raises what that one raised."""
    waiting = asyncio.create_task(stop.wait())
    tasks = [asyncio.ensure_future(loop(stop)) for loop in loops]
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, late = await asyncio.wait([waiting, *tasks], timeout=end_within.total_seconds())
    for task in late:  # it waits for a store that is away, say; what it was at comes again at the next start
        task.cancel()
    await asyncio.gather(waiting, *tasks, return_exceptions=True)
    for task in done:
        task.result()


def _loops(tools: Equipment) -> tuple[Loop, ...]:
    alarm = AlarmSink(notices(tools), _now)
    events = event_loops(tools.settings, tools.databases, tools.store, alarm)
    watching = _operation_loop(tools), _call_loop(tools)
    return (*events, _mail_loop(tools), *watching, _upload(tools), _sweep(tools.store))


def _mail_loop(tools: Equipment) -> Loop:
    bases = tools.databases
    mails = SqlMailBook(bases.notifications, mail_domain(tools.settings))
    posting = MailLoop(SqlDirectory(bases.users), mails, courier(tools))
    return lambda stop: _until(stop, posting.run())


def _operation_loop(tools: Equipment) -> Loop:
    book = SqlOperationBook(tools.databases.reservations)
    operations = OperationLoop(book, TemporalCohortStarter(tools.client))
    return lambda stop: _until(stop, operations.run())


def _call_loop(tools: Equipment) -> Loop:
    bases = tools.databases
    calls = CallLoop(
        SqlConversationBook(bases.monitoring), SqlAttemptBook(bases.reservations), notices(tools)
    )
    return lambda stop: _until(stop, calls.run())


def _upload(tools: Equipment) -> Loop:
    source = NodeSegmentSource(tools.settings.spool_dir.parent, tools.internal)
    uploader = SegmentUploader(SqlSegmentBook(tools.databases.monitoring), source, tools.store, _now)
    return lambda stop: _until(stop, _upload_forever(uploader))


async def _upload_forever(uploader: SegmentUploader) -> None:
    while True:
        try:
            await uploader.upload_sealed()
        except Exception:
            # The database or the disk may be away for a while; segments stay on the node until then.
            LOG.exception("segments cannot be uploaded now; trying again")
        await asyncio.sleep(UPLOAD_EVERY_SECONDS)


def _sweep(store: ObjectStore) -> Loop:
    return lambda stop: _until(stop, _sweep_forever(store))


async def _sweep_forever(store: ObjectStore) -> None:
    while True:
        try:
            await store.sweep(BROKEN_OFF)
        except Failure as failure:
            LOG.warning("what broken-off writes left behind stays a while longer: %s", failure.message)
        await asyncio.sleep(SWEEP_EVERY.total_seconds())


async def _until(stop: asyncio.Event, forever: Coroutine[Any, Any, None]) -> None:
    """Run what never ends until `stop`. Raises what it raises."""
    task = asyncio.create_task(forever)
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not task.done():
        task.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _now() -> datetime:
    return datetime.now(UTC)
