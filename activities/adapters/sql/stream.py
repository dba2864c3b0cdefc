"""Streams and what is known of attempts' feeds, as API nodes write them (schema `_monitoring`)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.segment import row_of
from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed, SegmentRow, StreamRow
from schema.segment import Segment, SegmentState
from schema.stream import Presence


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of an attempt's feed."""

    attempt_id: UUID
    student_id: UUID
    opens: bool
    epoch: int
    newest_epoch: int
    final_offset: int | None
    interval_ms: int
    last_offset: int | None = None  # that a node has noted as accepted


@dataclass(frozen=True, slots=True)
class PresenceNote:
    """How an attempt's presence stands."""

    attempt_id: UUID
    presence: Presence
    last_record_at: datetime | None


class SqlStreamBook:
    """Streams and feeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def close_streams(self, attempt_id: UUID, node_id: str, at: datetime) -> None:
        """The node's sockets of this attempt are closed."""
        statement = (
            update(StreamRow)
            .where(
                StreamRow.attempt_id == attempt_id,
                StreamRow.node_id == node_id,
                StreamRow.closed_at.is_(None),
            )
            .values(closed_at=at)
        )
        await self._execute(statement)

    async def states(self, attempt_ids: Collection[UUID]) -> Sequence[FeedState]:
        """The feeds of these attempts."""
        return await self._states(AttemptFeed.attempt_id.in_(attempt_ids)) if attempt_ids else ()

    async def page_of(self, attempt_id: UUID, epoch: int) -> str:
        """The page that opened the stream of this epoch; empty where it did not name itself."""
        page = select(StreamRow.page).where(StreamRow.attempt_id == attempt_id, StreamRow.epoch == epoch)
        async with self._database.read() as session:
            return await session.scalar(page) or ""

    async def unfinished(self, limit: int) -> Sequence[FeedState]:
        """Feeds that are closed and whose end is not written yet."""
        is_unfinished = and_(AttemptFeed.final_offset.is_(None), AttemptFeed.opens.is_(False))
        return await self._states(is_unfinished, limit)

    async def claim_end(self, state: FeedState, segment: Segment) -> bool:
        """Take the right to write the end into a segment of a new epoch; true for one caller among all nodes.

        Refused while any segment is still open. Where no stream ever was, the end is offset 0 at once and
        nothing is to be written.
        """
        open_segment = exists().where(
            SegmentRow.attempt_id == state.attempt_id, SegmentRow.state == SegmentState.OPEN
        )
        unchanged = and_(
            AttemptFeed.attempt_id == state.attempt_id,
            AttemptFeed.epoch == state.epoch,
            AttemptFeed.opens.is_(False),
            AttemptFeed.final_offset.is_(None),
            ~open_segment,
        )

        async def work(session: AsyncSession) -> bool:
            if await session.get(SegmentRow, segment.segment_id) is not None:
                return True
            has_segment = await session.scalar(
                select(exists().where(SegmentRow.attempt_id == state.attempt_id))
            )
            values: dict[str, object] = {"epoch": AttemptFeed.epoch + 1}
            if not has_segment:
                values = {"final_offset": 0, "presence": Presence.CLOSED}
            done = await session.execute(update(AttemptFeed).where(unchanged).values(**values))
            is_mine = bool(has_segment) and done.rowcount == 1  # type: ignore[attr-defined]
            if is_mine:
                session.add(row_of(segment))
            return is_mine

        return await self._database.run(work)

    async def note(self, notes: Sequence[PresenceNote]) -> None:
        """Write many presences in one transaction."""

        async def work(session: AsyncSession) -> None:
            for note in notes:
                values: dict[str, object] = {"presence": note.presence}
                if note.last_record_at is not None:
                    values["last_record_at"] = note.last_record_at
                of_attempt = AttemptFeed.attempt_id == note.attempt_id
                is_open = AttemptFeed.final_offset.is_(None)
                await session.execute(update(AttemptFeed).where(of_attempt, is_open).values(**values))

        await self._database.run(work)

    async def _states(self, condition: object, limit: int | None = None) -> Sequence[FeedState]:
        newest = (
            select(func.coalesce(func.max(StreamRow.epoch), 0))
            .where(StreamRow.attempt_id == AttemptFeed.attempt_id)
            .scalar_subquery()
        )
        query = select(AttemptFeed, newest).where(condition).limit(limit)  # type: ignore[arg-type]
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return [_state(feed, epoch) for feed, epoch in rows]

    async def _execute(self, statement: object) -> None:
        async def work(session: AsyncSession) -> None:
            await session.execute(statement)  # type: ignore[call-overload]

        await self._database.run(work)


def _state(feed: AttemptFeed, newest_epoch: int) -> FeedState:
    return FeedState(
        attempt_id=feed.attempt_id,
        student_id=feed.student_id,
        opens=feed.opens,
        epoch=feed.epoch,
        newest_epoch=newest_epoch,
        final_offset=feed.final_offset,
        interval_ms=feed.interval_ms,
        last_offset=feed.last_offset,
    )
