"""The node's spool: begins and ends streams, and keeps what they send."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from activities.adapters.sql.segment import SqlSegmentBook
from activities.adapters.sql.stream import SqlStreamBook
from activities.adapters.sql.ticket import Opening, OpeningRequest, SqlTicketBook
from activities.adapters.sql.waiting import SqlWaitingBook
from api.spool.attempt import Connection, SpooledAttempt, supersession
from api.spool.clock.steady import SteadyClock
from api.spool.group_sync import GroupSync
from api.spool.ledger import Ledger
from api.spool.open_segment import OpenSegment
from api.spool.pack_file import PackFile
from api.spool.shelf import Shelf
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.pack import IndexEntry, PackHeader
from schema.record import ConnectionFactKind
from schema.segment import Segment, new_segment
from schema.stream import CloseCode, Presence

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpoolPolicy:
    """This node's name and limits."""

    node_id: str
    window: int
    segment_seconds: int
    segment_bytes: int


@dataclass(frozen=True, slots=True)
class OwedSeal:
    """A segment whose file is complete and whose row does not say so yet."""

    segment: Segment
    records: int
    is_final: bool


class Spool:
    """All attempts of this node. Streams begin and end under the attempt's lock."""

    def __init__(
        self,
        policy: SpoolPolicy,
        shelf: Shelf,
        tickets: SqlTicketBook,
        streams: SqlStreamBook,
        segments: SqlSegmentBook,
        waiting: SqlWaitingBook,
        wall: Callable[[], datetime],
    ) -> None:
        self.policy = policy
        self.shelf = shelf
        self.tickets = tickets
        self.streams = streams
        self.segments = segments
        self.waiting = waiting
        self.wall = wall  # of the machine, as everybody else reads it; streams go by `now`
        self.now = SteadyClock(wall)
        self.sync = GroupSync()
        self.attempts: dict[UUID, SpooledAttempt] = {}
        self.owed_seals: list[OwedSeal] = []
        self._loading = asyncio.Lock()

    async def attempt(self, attempt_id: UUID) -> SpooledAttempt:
        """The attempt with the keys of all it ever sent to this node."""
        async with self._loading:
            found = self.attempts.get(attempt_id)
            if found is None:
                ledger = Ledger(self.policy.window)
                entries = await asyncio.to_thread(lambda: list(self.shelf.known_entries(attempt_id)))
                ledger.confirm(entries)
                found = self.attempts[attempt_id] = SpooledAttempt(attempt_id, ledger)
            return found

    async def connect(self, attempt_id: UUID, ticket_hash: str, connection: Connection) -> Opening:
        """Begin a stream; an older one of the same attempt ends. Raises what redeeming raises, and UNAVAILABLE."""
        attempt = await self.attempt(attempt_id)
        async with attempt.lock:
            ids = new_id(), new_id()
            request = OpeningRequest(ticket_hash, attempt_id, self.policy.node_id, *ids, self.wall())
            opening = await self.tickets.redeem(request)
            connection.session_id = opening.session_id
            await self._supersede(attempt, opening.page)
            await self._begin(attempt, opening, connection)
            return opening

    async def disconnect(self, attempt_id: UUID, connection: Connection) -> None:
        """The socket is gone: write so, and seal. Nothing happens when a newer stream has taken over."""
        attempt = self.attempts.get(attempt_id)
        if attempt is None:
            return
        async with attempt.lock:
            if attempt.connection is connection:
                # A browser that leaves when told that the exam is over ends the attempt's stream for good.
                await self.end_stream(attempt, is_final=attempt.is_draining and not attempt.was_elsewhere)

    async def end_stream(self, attempt: SpooledAttempt, *, is_final: bool = False) -> None:
        """Write ENDED or, where more may come, CLOSED, and seal; the caller holds the lock."""
        attempt.connection = None
        attempt.presence = Presence.CLOSED if is_final else Presence.MISSING
        segment = attempt.segment
        if segment is None:
            return
        if segment.trouble is None:
            # An exam's end is no lost connection.
            attempt.write_fact(
                ConnectionFactKind.ENDED if is_final else ConnectionFactKind.CLOSED, self.now()
            )
        await self.seal(attempt, segment, is_final=is_final)
        await self.streams.close_streams(attempt.attempt_id, self.policy.node_id, self.now())

    async def rotate(self, attempt: SpooledAttempt) -> None:
        """Go on in a new segment and seal the full one."""
        async with attempt.lock:
            full = attempt.segment
            if full is None or not full.entries or full.trouble is not None:
                return
            row = self._row(attempt)
            file = await self._create(row)
            try:
                await self.segments.add(row)
            except DBAPIError:
                file.close()
                raise
            # Records may have come meanwhile; they went into the full one.
            self._add(attempt, replace(row, first_offset=attempt.next_offset), file)
            await self.seal(attempt, full)
            attempt.drop_old_segments()

    async def write_end(self, attempt: SpooledAttempt, row: Segment, epoch: int) -> None:
        """Write ENDED into a segment of its own; the caller holds the lock and has claimed the end."""
        attempt.start(epoch, UUID(int=0), None)
        attempt.presence = Presence.CLOSED
        segment = self._add(attempt, row, await self._create(row))
        attempt.write_fact(ConnectionFactKind.ENDED, self.now())
        await self.seal(attempt, segment, is_final=True)

    async def seal(self, attempt: SpooledAttempt, segment: OpenSegment, *, is_final: bool = False) -> None:
        """Complete file and row; a file that cannot be written is left to recovery, a row to the next sweep."""
        try:
            await segment.flush()
            checksum = await asyncio.to_thread(segment.file.seal, segment.entries)
        except OSError as trouble:
            self.abandon(attempt, segment, trouble)
            return
        finally:
            segment.file.close()
        segment.is_sealed = True
        attempt.wake()
        owed = OwedSeal(sealed_row(segment, checksum), len(segment.entries), is_final)
        self.owed_seals.append(owed)
        try:
            await self.pay(owed)
        except DBAPIError as trouble:
            log.warning("segment %s is sealed on disk only: %s", owed.segment.segment_id, trouble.orig)

    async def pay(self, owed: OwedSeal) -> None:
        """Write a completed segment's row."""
        await self.segments.seal(owed.segment, owed.records, self.now(), is_final=owed.is_final)
        if owed in self.owed_seals:  # the sweep may have paid it meanwhile, to the same effect
            self.owed_seals.remove(owed)
        if (attempt := self.attempts.get(owed.segment.attempt_id)) is not None:
            attempt.wake()

    def abandon(self, attempt: SpooledAttempt, segment: OpenSegment, trouble: OSError) -> None:
        """The disk refuses this segment: readers wait until recovery has mended it."""
        log.error("segment %s of attempt %s: %s", segment.segment.segment_id, attempt.attempt_id, trouble)
        attempt.segments.clear()
        attempt.ledger.forget_waiting()

    async def _supersede(self, attempt: SpooledAttempt, page: str) -> None:
        if attempt.connection is not None:
            attempt.connection.close(*supersession(attempt.page, page), may_reconnect=False)
        await self.end_stream(attempt)

    async def _begin(self, attempt: SpooledAttempt, opening: Opening, connection: Connection) -> None:
        file = await self._create(opening.segment)
        for stream_id in opening.streams:
            attempt.ledger.add_stream(stream_id)
        now = self.now()
        since, interval = min(opening.since, now), timedelta(milliseconds=opening.interval_ms)
        attempt.claims.connected(since, now)
        attempt.bucket.connected(since, now, interval)
        attempt.base_interval_ms = attempt.interval_ms = opening.interval_ms
        attempt.screens.connected(opening.since, opening.screen_interval_ms)
        if opening.was_elsewhere:
            attempt.segments.clear()  # another node's part may lie between ours: readers ask the database
        attempt.was_elsewhere = opening.was_elsewhere
        attempt.start(opening.epoch, opening.stream_id, connection)
        attempt.page = opening.page
        self._add(attempt, opening.segment, file)
        attempt.presence = Presence.ONLINE
        attempt.last_received_at = attempt.last_frame_at = self.now()
        attempt.write_fact(ConnectionFactKind.OPENED, self.now())

    async def _create(self, row: Segment) -> PackFile:
        header = PackHeader(row.attempt_id, row.created_at)
        try:
            return await asyncio.to_thread(PackFile.create, self.shelf.path_of(row), header)
        except OSError as trouble:
            log.error("segment %s of attempt %s: %s", row.segment_id, row.attempt_id, trouble)
            message = "This node cannot store records now; connect again in a moment."
            raise Failure(FailureType.UNAVAILABLE, message) from trouble

    def _row(self, attempt: SpooledAttempt) -> Segment:
        return new_segment(new_id(), attempt.attempt_id, self.policy.node_id, attempt.next_offset, self.now())

    def _add(self, attempt: SpooledAttempt, row: Segment, file: PackFile) -> OpenSegment:
        def tell(entries: Sequence[IndexEntry]) -> None:
            attempt.durable(entries)
            if segment.trouble is not None and attempt.connection is not None:
                message = "This node cannot store records now; connect again in a moment."
                attempt.connection.close(CloseCode.STORAGE_TROUBLE, message, may_reconnect=True)

        segment = OpenSegment(row, file, self.sync.add, tell)
        attempt.add_segment(segment)
        return segment


def sealed_row(segment: OpenSegment, checksum: str) -> Segment:
    """What the database is to know of a completed segment."""
    return replace(
        segment.segment,
        first_offset=segment.entries[0].offset,
        last_offset=segment.entries[-1].offset,
        frames=segment.frames,
        size=segment.file.size,
        sha256=checksum,
    )
