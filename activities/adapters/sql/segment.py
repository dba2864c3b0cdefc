"""Segments in the database: opened and sealed by their node, uploaded by a worker, trimmed by their node."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed, SegmentRow, WatchCheckpoint
from schema.segment import Segment, SegmentState
from schema.stream import Presence

TRIM_BATCH = 200


def segment_of(row: SegmentRow) -> Segment:
    """The row as a plain value."""
    return Segment(
        segment_id=row.segment_id,
        attempt_id=row.attempt_id,
        node_id=row.node_id,
        state=SegmentState(row.state),
        first_offset=row.first_offset,
        last_offset=row.last_offset,
        frames=row.frames,
        size=row.bytes,
        sha256=row.sha256,
        object_name=row.object_name,
        created_at=row.created_at,
    )


def row_of(segment: Segment) -> SegmentRow:
    """A new row of an open segment."""
    return SegmentRow(
        segment_id=segment.segment_id,
        attempt_id=segment.attempt_id,
        node_id=segment.node_id,
        state=segment.state,
        first_offset=segment.first_offset,
        last_offset=segment.last_offset,
        created_at=segment.created_at,
    )


class SqlSegmentBook:
    """What is known of segments (schema `_monitoring`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, segment: Segment) -> None:
        """Announce a segment before its first record is written; announcing it again changes nothing."""

        async def work(session: AsyncSession) -> None:
            if await session.get(SegmentRow, segment.segment_id) is None:
                session.add(row_of(segment))

        await self._database.run(work)

    async def seal(self, segment: Segment, records: int, at: datetime, *, is_final: bool = False) -> None:
        """Complete an open segment: its range, size and checksum; sealing it again changes nothing.

        `is_final` says that no record of this attempt can follow; the feed learns it in the same transaction.
        """
        values = {
            "state": SegmentState.SEALED,
            "first_offset": segment.first_offset,
            "last_offset": segment.last_offset,
            "records": records,
            "frames": segment.frames,
            "bytes": segment.size,
            "sha256": segment.sha256,
            "sealed_at": at,
        }
        await self._move(segment.segment_id, SegmentState.OPEN, values, segment if is_final else None)

    async def uploaded(self, segment_id: UUID, object_name: str, at: datetime) -> None:
        """Remember where a sealed segment stands in the object store; doing it again changes nothing."""
        values = {"state": SegmentState.UPLOADED, "object_name": object_name, "uploaded_at": at}
        await self._move(segment_id, SegmentState.SEALED, values)

    async def repaired(self, segment: Segment) -> None:
        """Remember size, checksum and frames of what took the place of a sealed segment's damaged pack."""
        values = {"bytes": segment.size, "sha256": segment.sha256, "frames": segment.frames}
        await self._move(segment.segment_id, SegmentState.SEALED, values)

    async def trimmed(self, segment_id: UUID, at: datetime) -> None:
        """Remember that the node's file is gone."""
        await self._move(segment_id, SegmentState.UPLOADED, {"state": SegmentState.TRIMMED, "trimmed_at": at})

    async def sealed(self, limit: int) -> Sequence[Segment]:
        """Segments that wait for their upload, oldest first."""
        query = select(SegmentRow).where(SegmentRow.state == SegmentState.SEALED)
        return await self._segments(query.order_by(SegmentRow.sealed_at).limit(limit))

    async def of_attempt(self, attempt_id: UUID) -> Sequence[Segment]:
        """All segments of an attempt in the order of their offsets."""
        query = select(SegmentRow).where(SegmentRow.attempt_id == attempt_id)
        return await self._segments(query.order_by(SegmentRow.first_offset, SegmentRow.created_at))

    async def segment(self, segment_id: UUID) -> Segment | None:
        """One segment."""
        found = await self._segments(select(SegmentRow).where(SegmentRow.segment_id == segment_id))
        return found[0] if found else None

    async def open_of(self, node_id: str) -> Sequence[Segment]:
        """What a node was appending to when it last stopped."""
        query = select(SegmentRow).where(SegmentRow.node_id == node_id, SegmentRow.state == SegmentState.OPEN)
        return await self._segments(query.order_by(SegmentRow.attempt_id, SegmentRow.first_offset))

    async def known_of(self, attempt_ids: Collection[UUID]) -> set[UUID]:
        """Those of these attempts of which a segment is known."""
        if not attempt_ids:
            return set()
        query = select(SegmentRow.attempt_id).where(SegmentRow.attempt_id.in_(attempt_ids)).distinct()
        async with self._database.read() as session:
            return set(await session.scalars(query))

    async def trimmable(self, node_id: str) -> Sequence[Segment]:
        """A node's segments that are uploaded and analysed: their files are not needed any more."""
        is_analysed = or_(
            WatchCheckpoint.offset >= SegmentRow.last_offset, WatchCheckpoint.finished_at.is_not(None)
        )
        query = (
            select(SegmentRow)
            .join(WatchCheckpoint, WatchCheckpoint.attempt_id == SegmentRow.attempt_id)
            .where(
                SegmentRow.node_id == node_id,
                SegmentRow.state == SegmentState.UPLOADED,
                is_analysed,
            )
        )
        return await self._segments(query.limit(TRIM_BATCH))

    async def final_offset(self, attempt_id: UUID) -> int | None:
        """The offset that no record follows; None while records can follow or the attempt is unknown."""
        query = select(AttemptFeed.final_offset).where(AttemptFeed.attempt_id == attempt_id)
        async with self._database.read() as session:
            found: int | None = await session.scalar(query)
        return found

    async def _move(
        self, segment_id: UUID, source: SegmentState, values: dict[str, object], final: Segment | None = None
    ) -> None:
        is_there = and_(SegmentRow.segment_id == segment_id, SegmentRow.state == source)

        async def work(session: AsyncSession) -> None:
            await session.execute(update(SegmentRow).where(is_there).values(**values))
            if final is not None:
                is_closed = and_(AttemptFeed.attempt_id == final.attempt_id, AttemptFeed.opens.is_(False))
                ended = {"final_offset": final.last_offset, "presence": Presence.CLOSED}
                await session.execute(update(AttemptFeed).where(is_closed).values(**ended))

        await self._database.run(work)

    async def _segments(self, query: Select[SegmentRow]) -> Sequence[Segment]:
        async with self._database.read() as session:
            return [segment_of(row) for row in await session.scalars(query)]
