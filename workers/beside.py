"""The loops that live beside the workers of `proctor-io`: what no workflow does, or what a crash left undone."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.act.loop import IntentLoop
from activities.act.sql import SqlIntentBook
from activities.adapters.attempt_commander import TemporalCommander
from activities.adapters.cohort_starter import TemporalCohortStarter
from activities.adapters.feed import NodeSegmentSource
from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.conversation_book import SqlConversationBook
from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.segment import SqlSegmentBook
from activities.adapters.sql.waiting import SqlWaitingBook
from activities.adapters.temporal import TemporalSeatSignaller
from activities.alarm import AlarmSink
from activities.call_loop import CallLoop
from activities.lag.loop import LagLoop
from activities.mail_loop import MailLoop
from activities.operation_loop import OperationLoop
from activities.outage_loop import OutageLoop
from activities.seat_loop import SeatLoop
from activities.segment import SegmentUploader
from activities.sitting.loop import FurtherSittingLoop
from activities.sitting.sql import SqlFurtherSittingBook
from workers.build import courier, mail_domain, notices, outage_book
from workers.equipment import Equipment
from workers.mirror import event_loops
from workers.orphan import sweep_of

LOG = logging.getLogger(__name__)
BROKEN_OFF = timedelta(days=1)  # no write to the store takes that long

Loop = Callable[[asyncio.Event], Awaitable[None]]
Step = Callable[[], Awaitable[object]]


def loops_of(tools: Equipment) -> tuple[Loop, ...]:
    """All of them. Each may run in several processes at once."""
    return (
        *event_loops(tools.settings, tools.databases, tools.store, AlarmSink(notices(tools), _now)),
        _mails(tools),
        *_mail_log(tools),
        in_turns("operations", _operations(tools), timedelta(seconds=5)),
        in_turns("what outages took", _outages(tools), timedelta(seconds=2)),
        in_turns("acts that were begun", _acts(tools), timedelta(seconds=20)),
        in_turns("seats of those who wait", _seats(tools), timedelta(seconds=3)),
        in_turns("further sittings", _sittings(tools), timedelta(seconds=5)),
        in_turns("calls for help", _calls(tools), timedelta(seconds=10)),
        in_turns("detection that is behind", _lag(tools), timedelta(seconds=2)),
        in_turns("workflows and their rows", sweep_of(tools).step, timedelta(seconds=15)),
        in_turns("segments to upload", _segments(tools), timedelta(seconds=2)),
        in_turns("leftovers of writes", lambda: tools.store.sweep(BROKEN_OFF), timedelta(hours=1)),
    )


def in_turns(what: str, step: Step, every: timedelta) -> Loop:
    """A step again and again until told to stop. Trouble with a database, a disk or a server ends nothing."""

    async def forever() -> None:
        while True:
            try:
                await step()
            except Exception:
                LOG.exception("%s cannot be looked after now; trying again in %s", what, every)
            await asyncio.sleep(every.total_seconds())

    return lambda stop: until(stop, forever())


def _mails(tools: Equipment) -> Loop:
    bases = tools.databases
    mails = SqlMailBook(bases.notifications, mail_domain(tools.settings))
    posting = MailLoop(SqlDirectory(bases.users), mails, courier(tools))
    return lambda stop: until(stop, posting.run())


def _mail_log(tools: Equipment) -> tuple[Loop, ...]:
    """Where mails are gathered before they become an object."""
    log = tools.mail_log
    if log is None:
        return ()
    in_between = in_turns("the log of sent mails", log.flush, tools.settings.lake_flush)

    async def forever(stop: asyncio.Event) -> None:
        await in_between(stop)
        await log.flush()

    return (forever,)


def _operations(tools: Equipment) -> Step:
    book = SqlOperationBook(tools.databases.reservations)
    return OperationLoop(book, TemporalCohortStarter(tools.client)).step


def _outages(tools: Equipment) -> Step:
    return OutageLoop(outage_book(tools), TemporalCommander(tools.client)).step


def _acts(tools: Equipment) -> Step:
    bases = tools.databases
    return IntentLoop(SqlIntentBook(bases.users, bases.reservations, bases.corrections)).step


def _seats(tools: Equipment) -> Step:
    return SeatLoop(SqlSeatBook(tools.databases.reservations), TemporalSeatSignaller(tools.client)).step


def _sittings(tools: Equipment) -> Step:
    return FurtherSittingLoop(SqlFurtherSittingBook(tools.databases.reservations), notices(tools)).step


def _calls(tools: Equipment) -> Step:
    bases = tools.databases
    conversations, attempts = SqlConversationBook(bases.monitoring), SqlAttemptBook(bases.reservations)
    return CallLoop(conversations, attempts, notices(tools)).step


def _lag(tools: Equipment) -> Step:
    return LagLoop(SqlWaitingBook(tools.databases.monitoring), notices(tools)).step


def _segments(tools: Equipment) -> Step:
    source = NodeSegmentSource(tools.settings.spool_dir.parent, tools.internal)
    return SegmentUploader(
        SqlSegmentBook(tools.databases.monitoring), source, tools.store, _now
    ).upload_sealed


async def until(stop: asyncio.Event, forever: Coroutine[Any, Any, None]) -> None:
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
