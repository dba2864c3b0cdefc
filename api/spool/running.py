"""Runs a node's spool: recovery first, then the sync and the keeper, for as long as the application serves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from activities.adapters.sql.segment import SqlSegmentBook
from activities.adapters.sql.stream import SqlStreamBook
from activities.adapters.sql.ticket import SqlTicketBook
from activities.adapters.sql.waiting import SqlWaitingBook
from activities.ports import IncidentSignaller, ObjectStore
from api.spool.feed import SegmentFeed
from api.spool.keeper import Keeper, Revoked
from api.spool.lock import locked
from api.spool.presence import PresenceTeller
from api.spool.recovery import recover
from api.spool.shelf import Shelf
from api.spool.spool import Spool, SpoolPolicy
from schema.db.session import Database
from schema.settings import Settings


@dataclass(frozen=True, slots=True)
class RunningSpool:
    """What routes use of the spool."""

    spool: Spool
    feed: SegmentFeed
    keeper: Keeper


@asynccontextmanager
async def open_spool(
    settings: Settings,
    monitoring: Database,
    store: ObjectStore,
    signaller: IncidentSignaller,
    revoked: Revoked,
    now: Callable[[], datetime],
) -> AsyncIterator[RunningSpool]:
    """The node's spool, this process's alone (SpoolTaken).

    On leaving, what waits is written; open segments are mended at the next start.
    """
    policy = SpoolPolicy(
        settings.node_id,
        settings.frame_window,
        settings.spool_segment_seconds,
        settings.spool_segment_bytes,
    )
    books = (
        SqlTicketBook(monitoring),
        SqlStreamBook(monitoring),
        SqlSegmentBook(monitoring),
        SqlWaitingBook(monitoring),
    )
    spool = Spool(policy, Shelf(settings.spool_dir), *books, now)
    with locked(settings.spool_dir, settings.internal_api_url):
        await recover(spool)
        async with _looked_after(spool, Keeper(spool, revoked, PresenceTeller(signaller))) as keeper:
            yield RunningSpool(spool, SegmentFeed(spool, store), keeper)


@asynccontextmanager
async def _looked_after(spool: Spool, keeper: Keeper) -> AsyncIterator[Keeper]:
    tasks = [asyncio.create_task(spool.sync.run()), asyncio.create_task(keeper.run())]
    try:
        yield keeper
    finally:
        for task in reversed(tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
