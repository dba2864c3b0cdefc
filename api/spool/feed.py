"""Reads an attempt's records wherever they are: in memory's newest segments, in files of this node, or in the lake."""

import asyncio
import logging
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from uuid import UUID

from activities.ports import FeedPage, ObjectStore
from api.spool.attempt import SpooledAttempt
from api.spool.damage.lost import Lost
from api.spool.open_segment import OpenSegment
from api.spool.spool import Spool
from schema import pack
from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind
from schema.salvage import gaps, salvage
from schema.segment import Segment, SegmentState

log = logging.getLogger(__name__)

PAGE_BYTES = 8 * 2**20
_POLL_SECONDS = 1.0
_CACHED_INDICES = 256  # an exam of eight hours
_READ_AT_ONCE = 8

Read = Callable[[int, int], Awaitable[bytes]]


async def _nothing(*_: int) -> bytes:
    return b""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment that can be read now; `is_last` says that what follows it cannot."""

    entries: Sequence[pack.IndexEntry]
    read: Read
    is_last: bool
    lost: Sequence[Lost] = ()


class SegmentFeed:
    """The RecordFeed of an API node."""

    def __init__(self, spool: Spool, store: ObjectStore) -> None:
        self._spool = spool
        self._store = store
        self._indices: OrderedDict[tuple[UUID, str], tuple[pack.IndexEntry, ...]] = OrderedDict()

    async def read(self, attempt_id: UUID, after: int, limit: int, wait: float) -> FeedPage:
        """Up to `limit` records with offset > `after`; waits up to `wait` seconds for the first."""
        deadline = time.monotonic() + wait
        while True:
            attempt = self._spool.attempts.get(attempt_id)
            version = attempt.version if attempt else 0
            page = await self._page(attempt_id, after, limit)
            left = deadline - time.monotonic()
            if page.records or page.is_final or left <= 0:
                return page
            await _news(attempt, version, left)

    async def record(self, attempt_id: UUID, offset: int) -> Record | None:
        """One record."""
        page = await self._page(attempt_id, offset - 1, 1)
        return next((record for record in page.records if record.offset == offset), None)

    async def index(
        self, attempt_id: UUID, after: int, limit: int, kind: RecordKind
    ) -> list[pack.IndexEntry]:
        """Entries of one kind after an offset, without their bodies."""
        found: list[pack.IndexEntry] = []
        for segment in await self._rows(attempt_id, after):
            piece = await self._piece(segment)
            if piece is None:
                break
            found += [entry for entry in _after(piece.entries, after) if entry.kind is kind]
            if piece.is_last or len(found) >= limit:
                break
        return found[:limit]

    async def pieces(self, attempt_id: UUID) -> list[Piece]:
        """Every segment that can be read now, with its entries; several are looked up at once."""
        turn = asyncio.Semaphore(_READ_AT_ONCE)

        async def piece_of(segment: Segment) -> Piece | None:
            async with turn:
                return await self._piece(segment)

        found = await asyncio.gather(*map(piece_of, await self._rows(attempt_id, -1)))
        return [piece for piece in takewhile(lambda piece: piece is not None, found) if piece is not None]

    async def latest(self, attempt_id: UUID, kind: RecordKind = RecordKind.FRAME) -> Record | None:
        """The newest durable record of a kind."""
        attempt = self._spool.attempts.get(attempt_id)
        for held in reversed(attempt.segments if attempt else ()):
            if self._spool.shelf.has(held.segment) and (entry := _last(held.entries, kind)) is not None:
                return await _record(_held(self._spool, held), entry, kind)
        for segment in reversed(await self._rows(attempt_id, 0)):
            piece = await self._piece(segment) if segment.frames or kind is not RecordKind.FRAME else None
            if piece is not None and (entry := _last(piece.entries, kind)) is not None:
                return await _record(piece, entry, kind)
        return None

    async def _page(self, attempt_id: UUID, after: int, limit: int) -> FeedPage:
        attempt = self._spool.attempts.get(attempt_id)
        if attempt is not None and attempt.connection is not None and after >= attempt.floor:
            pieces = [_held(self._spool, segment) for segment in attempt.segments]
            return FeedPage(await _first_records(pieces, after, limit), is_final=False)
        final = await self._spool.segments.final_offset(attempt_id)
        records = await self._stored(attempt_id, after, limit)
        last = records[-1].offset if records else after
        return FeedPage(records, is_final=final is not None and (last >= final or final == 0))

    async def _stored(self, attempt_id: UUID, after: int, limit: int) -> tuple[Record, ...]:
        for segment in await self._rows(attempt_id, after):
            piece = await self._piece(segment)
            if piece is None:
                break
            records = await _first_records([piece], after, limit)
            if records or piece.is_last:
                return records
        return ()

    async def _rows(self, attempt_id: UUID, after: int) -> list[Segment]:
        rows = await self._spool.segments.of_attempt(attempt_id)
        return [row for row in rows if row.last_offset is None or row.last_offset > after]

    async def _piece(self, segment: Segment) -> Piece | None:
        """How to read a segment; None while that is not possible, so that no reader gets past it."""
        attempt = self._spool.attempts.get(segment.attempt_id)
        has_file = self._spool.shelf.has(segment)
        for held in attempt.segments if attempt else ():
            if held.segment.segment_id == segment.segment_id and (has_file or not held.is_sealed):
                return _held(self._spool, held)
        if segment.state is SegmentState.OPEN:
            return None
        is_ours = segment.node_id == self._spool.policy.node_id
        if is_ours and has_file:
            return await self._filed(segment)
        if segment.is_stored:
            return await self._lake(segment)
        return _piece_of(segment, (), _nothing) if is_ours else None

    async def _filed(self, segment: Segment) -> Piece | None:
        shelf = self._spool.shelf

        async def read(start: int, length: int) -> bytes:
            return await asyncio.to_thread(shelf.read, segment, start, length)

        try:
            entries = self._cached(segment, "file")
            if entries is None:
                entries = await asyncio.to_thread(shelf.entries_of, segment)
        except FileNotFoundError:  # trimmed this moment
            return await self._lake(segment)
        return _piece_of(segment, self._keep(segment, "file", entries), read)

    async def _lake(self, segment: Segment) -> Piece:
        async def read(start: int, length: int) -> bytes:
            return await self._store.get(segment.object_name, start, length)

        entries = self._cached(segment, segment.sha256)
        try:
            if entries is None:
                entries = await self._stored_index(segment, read)
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            log.error("%s is gone from the lake", segment.object_name)
            return _piece_of(segment, (), _nothing)
        return _piece_of(segment, self._keep(segment, segment.sha256, entries), read)

    async def _stored_index(self, segment: Segment, read: Read) -> tuple[pack.IndexEntry, ...]:
        trailer = await read(segment.size - pack.TRAILER_SIZE, pack.TRAILER_SIZE)
        try:
            return pack.decode_index(await read(*pack.index_span(trailer, segment.size)))
        except Failure as failure:
            if failure.type is not FailureType.INVALID:
                raise
            log.error("%s is damaged: its index cannot be read", segment.object_name)
            data = await self._store.get(segment.object_name)
            return (await asyncio.to_thread(salvage, data)).entries

    def _cached(self, segment: Segment, where: str) -> tuple[pack.IndexEntry, ...] | None:
        return self._indices.get((segment.segment_id, where))

    def _keep(
        self, segment: Segment, where: str, entries: tuple[pack.IndexEntry, ...]
    ) -> tuple[pack.IndexEntry, ...]:
        self._indices[segment.segment_id, where] = entries
        self._indices.move_to_end((segment.segment_id, where))
        if len(self._indices) > _CACHED_INDICES:
            self._indices.popitem(last=False)
        return entries


async def _news(attempt: SpooledAttempt | None, version: int, seconds: float) -> None:
    if attempt is None:
        await asyncio.sleep(min(seconds, _POLL_SECONDS))
        return
    # Whatever this node does wakes its readers; of what another one does only the database tells.
    await attempt.changed(version, min(seconds, _POLL_SECONDS) if attempt.was_elsewhere else seconds)


def _held(spool: Spool, segment: OpenSegment) -> Piece:
    async def read(start: int, length: int) -> bytes:
        try:
            return await asyncio.to_thread(spool.shelf.read, segment.segment, start, length)
        except FileNotFoundError:
            if segment.is_sealed:  # trimmed this moment: whoever asks again is sent to the lake
                raise
            return b""

    return Piece(segment.entries, read, is_last=not segment.is_sealed)


def _after(entries: Sequence[pack.IndexEntry], after: int) -> Sequence[pack.IndexEntry]:
    return entries[bisect_right(entries, after, key=lambda entry: entry.offset) :]


def _last(entries: Sequence[pack.IndexEntry], kind: RecordKind) -> pack.IndexEntry | None:
    return next((entry for entry in reversed(entries) if entry.kind is kind), None)


async def _first_records(pieces: Sequence[Piece], after: int, limit: int) -> tuple[Record, ...]:
    """The next records, of one piece: they stand one after the other, so one read gets them."""
    for piece in pieces:
        wanted = _affordable(_after(piece.entries, after)[:limit])
        lost = [
            one for one in piece.lost if one.last > after and (not wanted or one.last < wanted[-1].offset)
        ]
        if wanted or lost:
            found = await _read(piece, wanted) if wanted else []
            told = [one.record() for one in lost]
            return tuple(sorted((*found, *told), key=lambda record: record.offset)[:limit])
        if piece.is_last:
            break
    return ()


def _affordable(entries: Sequence[pack.IndexEntry]) -> Sequence[pack.IndexEntry]:
    if not entries:
        return ()
    start = entries[0].position
    count = sum(entry.end - start <= PAGE_BYTES for entry in entries)
    return entries[: max(1, count)]


async def _record(piece: Piece, entry: pack.IndexEntry, kind: RecordKind) -> Record | None:
    (found,) = await _read(piece, [entry])
    return found if found.kind is kind else None


async def _read(piece: Piece, entries: Sequence[pack.IndexEntry]) -> list[Record]:
    """These records; in the place of one that is damaged stands that it is lost."""
    start = entries[0].position
    data = await piece.read(start, entries[-1].end - start)
    return [_whole(data, entry, start) or Lost.one(entry).record() for entry in entries]


def _whole(data: bytes, entry: pack.IndexEntry, start: int) -> Record | None:
    try:
        record, _ = pack.decode_record(data, entry.position - start)
    except (Failure, ValueError):
        log.error("the record at offset %s is damaged and lost", entry.offset)
        return None
    return record if record.offset == entry.offset else None


def _piece_of(segment: Segment, entries: Sequence[pack.IndexEntry], read: Read) -> Piece:
    """A sealed segment; what of its range is not there is lost."""
    first, last = segment.first_offset, segment.last_offset or segment.first_offset
    if len(entries) == last - first + 1:
        return Piece(entries, read, is_last=False)
    lost = tuple(Lost(*gap, segment.created_at) for gap in gaps(first, last, (e.offset for e in entries)))
    return Piece(entries, read, is_last=False, lost=lost)
