"""What waits for analysis, as API nodes note it and as everybody reads it (schema `_monitoring`)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.checkpoint_book import account_of
from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed, WatchCheckpoint
from schema.lag.age import Accepted, Analysed, lag_of


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """What a node knows of an attempt's records; the oldest that waits is None where all are analysed."""

    attempt_id: UUID
    last_offset: int
    waiting_offset: int | None
    waiting_since: datetime | None
    waiting_frames: int


class SqlWaitingBook:
    """How far analysis is, and what waits for it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def analysed(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Up to which offset each attempt is analysed; one that nobody watches yet is missing."""
        row = WatchCheckpoint
        query = select(row.attempt_id, row.offset).where(row.attempt_id.in_(attempt_ids))
        async with self._database.read() as session:
            return {attempt_id: offset for attempt_id, offset in await session.execute(query)}  # noqa: C416

    async def lags(
        self, now: datetime, attempt_ids: Collection[UUID] | None = None
    ) -> Mapping[UUID, timedelta]:
        """The lag of each attempt for whose records a detector is awaited; of all attempts, or of these."""
        feed, check = AttemptFeed, WatchCheckpoint
        query = (
            select(feed, check)
            .outerjoin(check, check.attempt_id == feed.attempt_id)
            .where(feed.waiting_since.is_not(None))
        )
        if attempt_ids is not None:
            query = query.where(feed.attempt_id.in_(attempt_ids))
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        found = {row.attempt_id: lag_of_rows(row, checkpoint, now) for row, checkpoint in rows}
        return {attempt_id: lag for attempt_id, lag in found.items() if lag}

    async def note(self, notes: Sequence[WaitingNote]) -> None:
        """Write many in one transaction."""

        async def work(session: AsyncSession) -> None:
            for note in notes:
                values = {
                    "last_offset": note.last_offset,
                    "waiting_offset": note.waiting_offset,
                    "waiting_since": note.waiting_since,
                    "waiting_frames": note.waiting_frames,
                }
                of_attempt = AttemptFeed.attempt_id == note.attempt_id
                await session.execute(update(AttemptFeed).where(of_attempt).values(**values))

        await self._database.run(work)


def accepted_of(feed: AttemptFeed) -> Accepted:
    """What the node said last; a feed that has ended knows its last offset itself."""
    known = [offset for offset in (feed.last_offset, feed.final_offset) if offset]
    return Accepted(
        last_offset=max(known, default=None),
        last_at=feed.last_record_at,
        waiting_offset=feed.waiting_offset,
        waiting_since=feed.waiting_since,
        waiting_frames=feed.waiting_frames or 0,
    )


def analysed_of(checkpoint: WatchCheckpoint | None) -> Analysed:
    """How far a detector has written down that it is."""
    if checkpoint is None:
        return Analysed()
    return Analysed(checkpoint.offset, account_of(checkpoint).latest_at)


def lag_of_rows(feed: AttemptFeed, checkpoint: WatchCheckpoint | None, now: datetime) -> timedelta | None:
    """The one definition of lag, for whoever has the rows; None once the stream has ended and all of it is analysed.

    Of an ended one that nothing waits of, how far analysis came may be deleted.
    """
    if feed.final_offset is not None and checkpoint is None and feed.waiting_since is None:
        return None
    analysed = analysed_of(checkpoint)
    if feed.final_offset is not None and analysed.offset >= feed.final_offset:
        return None
    return lag_of(accepted_of(feed), analysed, now)
