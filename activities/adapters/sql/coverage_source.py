"""What is known of attempts' streams and of the outages that they lost time by, over two schemas."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, select

from activities.adapters.sql.checkpoint_book import account_of
from activities.adapters.sql.waiting import accepted_of, analysed_of
from activities.coverage.port import WatchedStream
from schema.coverage.account import CoverageAccount
from schema.coverage.figure import StreamTail
from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed, SegmentRow, WatchCheckpoint
from schema.db.tables.outage import OwedTime
from schema.lag.age import waiting_frames
from schema.outage.interval import Interval, Intervals, union
from schema.segment import SegmentState
from schema.stream import Presence


class SqlCoverageSource:
    """Implements CoverageSource."""

    def __init__(self, monitoring: Database, reservations: Database) -> None:
        self._monitoring = monitoring
        self._reservations = reservations

    async def watched(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, WatchedStream]:
        """Of each of these attempts; one that never streamed has an empty account.

        One whose account is deleted has none that is whole.
        """
        outages = await self._outages(attempt_ids)
        async with self._monitoring.read() as session:
            feeds = await session.scalars(select(AttemptFeed).where(AttemptFeed.attempt_id.in_(attempt_ids)))
            checks = await session.scalars(
                select(WatchCheckpoint).where(WatchCheckpoint.attempt_id.in_(attempt_ids))
            )
            sealed = await session.execute(
                select(SegmentRow.attempt_id, func.sum(SegmentRow.frames))
                .where(SegmentRow.attempt_id.in_(attempt_ids), SegmentRow.state != SegmentState.OPEN)
                .group_by(SegmentRow.attempt_id)
            )
            by_attempt = {row.attempt_id: row for row in feeds}
            checkpoints = {row.attempt_id: row for row in checks}
            frames = {attempt_id: int(number) for attempt_id, number in sealed}
        return {
            one: WatchedStream(
                _account(by_attempt.get(one), checkpoints.get(one)),
                _tail(by_attempt.get(one), checkpoints.get(one), frames.get(one, 0)),
                outages.get(one, ()),
            )
            for one in attempt_ids
        }

    async def _outages(self, attempt_ids: Collection[UUID]) -> dict[UUID, Intervals]:
        query = select(OwedTime.attempt_id, OwedTime.began_at, OwedTime.ended_at)
        found: dict[UUID, Intervals] = {}
        async with self._reservations.read() as session:
            for attempt_id, start, end in await session.execute(
                query.where(OwedTime.attempt_id.in_(attempt_ids))
            ):
                found[attempt_id] = union((*found.get(attempt_id, ()), Interval(start=start, end=end)))
        return found


def _account(feed: AttemptFeed | None, checkpoint: WatchCheckpoint | None) -> CoverageAccount:
    if checkpoint is not None:
        return account_of(checkpoint)
    if feed is None or not feed.final_offset:
        return CoverageAccount()
    # It is over; if nothing of it waits for a detector, there was an account and it is deleted.
    return CoverageAccount(is_whole=feed.waiting_offset is not None)


def _tail(feed: AttemptFeed | None, checkpoint: WatchCheckpoint | None, sealed_frames: int) -> StreamTail:
    if feed is None:
        return StreamTail()
    analysed = analysed_of(checkpoint)
    is_over = feed.final_offset is not None and analysed.offset >= feed.final_offset
    seen = checkpoint.frames if checkpoint is not None else 0
    return StreamTail(
        presence=Presence(feed.presence),
        waiting_frames=waiting_frames(accepted_of(feed), analysed),
        lost_frames=max(0, sealed_frames - seen) if is_over and checkpoint is not None else 0,
        unreadable=checkpoint.unreadable if checkpoint is not None else 0,
    )
