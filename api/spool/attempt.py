"""One attempt on this node: its stream, its newest segments, and who waits for its records."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from api.spool.clock.bucket import FrameBucket
from api.spool.clock.claim import ClaimCheck
from api.spool.clock.witness import ClockWitness
from api.spool.lag.arrival import Arrival, Arrivals
from api.spool.ledger import Ledger, Standing
from api.spool.open_segment import OpenSegment
from api.spool.screen_pace import ScreenPace
from schema.failures import Failure, FailureType
from schema.pack import IndexEntry
from schema.record import EPOCH_SHIFT, ConnectionFact, ConnectionFactKind, Record, RecordKind
from schema.stream import Ack, CloseCode, Presence

SILENCE_FLOOR = timedelta(seconds=5)
SILENCE_INTERVALS = 3
LOST_PINGS = 8  # so many in a row without an answer: the connection is lost
KEPT_SEGMENTS = 3  # older ones are read from their files


class Connection(Protocol):
    """The socket as the spool sees it; both calls return at once."""

    session_id: UUID

    def acknowledge(self, acks: Sequence[Ack], interval_ms: int) -> None:
        """Tell the browser what is durable."""

    def ping(self) -> None:
        """Ask the browser whether it is there."""

    def announce(self, code: CloseCode, message: str, *, may_reconnect: bool) -> None:
        """Tell the browser that the socket will be closed."""

    def close(self, code: CloseCode, message: str, *, may_reconnect: bool) -> None:
        """Close, after everything that was to be said."""


def supersession(page: str, newer: str) -> tuple[CloseCode, str]:
    """Why a stream of one page ends when another begins: a page's own reconnection is no other place."""
    if page and page == newer:
        return CloseCode.REPLACED, "This page has connected again; its newer connection goes on."
    message = "This exam was opened in another window or on another device; that one goes on."
    return CloseCode.SUPERSEDED, message


class SpooledAttempt:
    """Assigns offsets; all of its stream passes through here."""

    def __init__(self, attempt_id: UUID, ledger: Ledger) -> None:
        self.attempt_id = attempt_id
        self.ledger = ledger
        self.lock = asyncio.Lock()  # held while a stream begins or ends
        self.segments: list[OpenSegment] = []
        self.connection: Connection | None = None
        self.epoch = 0
        self.stream_id = UUID(int=0)
        self.page = ""
        self.claims = ClaimCheck()
        self.bucket = FrameBucket(ledger.window)
        self.witness = ClockWitness(self._ask)
        self.was_elsewhere = False
        self.base_interval_ms = 1000
        self.interval_ms = 1000
        self._asked_ms = 0  # the longest interval since the last frame, and before it since the one before
        self._asked_before_ms = 0
        self.screens = ScreenPace()
        self.presence = Presence.CONNECTING
        self.last_received_at: datetime | None = None
        self.last_frame_at: datetime | None = None  # of a new one; one sent again is no sign of life
        self.last_record_at: datetime | None = None
        self.last_offset = 0
        self.arrivals = Arrivals()
        self.is_draining = False
        self._unanswered_pings = 0
        self._next = 1
        self.version = 0
        self._changed = asyncio.Event()

    @property
    def segment(self) -> OpenSegment | None:
        """The one that takes records now."""
        return self.segments[-1] if self.segments and not self.segments[-1].is_sealed else None

    @property
    def floor(self) -> int:
        """Records after this offset are all in `segments`, if nobody else holds a part."""
        return self.segments[0].segment.first_offset - 1 if self.segments else 2**63

    @property
    def next_offset(self) -> int:
        """The offset of the next record."""
        return (self.epoch << EPOCH_SHIFT) + self._next

    def start(self, epoch: int, stream_id: UUID, connection: Connection | None) -> None:
        """Count offsets of this epoch from now on."""
        self.epoch, self.stream_id, self._next = epoch, stream_id, 1
        self.connection = connection
        self.is_draining = False
        self._unanswered_pings = 0

    def add_segment(self, segment: OpenSegment) -> None:
        """Records go into this one from now on."""
        self.segments.append(segment)

    def drop_old_segments(self) -> None:
        """Forget sealed ones that nobody who keeps up will ask for."""
        while len(self.segments) > KEPT_SEGMENTS and self.segments[0].is_sealed:
            self.segments.pop(0)

    def drop_trimmed_segment(self, segment_id: UUID) -> None:
        """Forget one whose file is gone, and those before it: readers ask the database for them."""
        while any(segment.segment.segment_id == segment_id for segment in self.segments):
            self.segments.pop(0)

    def take(
        self,
        kind: RecordKind,
        key: tuple[UUID, int],
        captured_at: datetime,
        body: bytes,
        now: datetime,
        apart: timedelta = timedelta(),
    ) -> timedelta:
        """Accept a record of the browser, or acknowledge it again; how long to read nothing more, if it came too fast.

        `apart` is how far the machine's clock is ahead of the node's steady one. Raises INVALID, TOO_MANY, UNAVAILABLE.
        """
        slowed = timedelta()
        standing = self.ledger.find(*key)
        self.hear(now)
        if isinstance(standing, int):
            self._acknowledge([Ack(stream_id=key[0], seq=key[1], offset=standing)])
        elif standing is Standing.NEW:
            self._check_storage()
            if kind is RecordKind.SCREEN:
                self.screens.admit(now)
            if kind is RecordKind.FRAME:
                slowed = self.bucket.take(now, timedelta(milliseconds=self.base_interval_ms))
            claim = self.claims.judge(key, captured_at, now, timedelta(milliseconds=self.interval_ms), apart)
            fact = self.witness.fact(claim, now, self.interval_ms)
            if fact is not None:
                self._write_fact(fact, now)
            self._write(kind, key, claim.at, body, now)
            self.ledger.expect(*key)
        return slowed

    def write_fact(self, kind: ConnectionFactKind, now: datetime) -> None:
        """Write what the node itself knows; seq 0 is the node's."""
        self._write_fact(ConnectionFact(kind=kind, interval_ms=self.interval_ms), now)

    def _write_fact(self, fact: ConnectionFact, now: datetime) -> None:
        self._write(RecordKind.CONNECTION, (self.stream_id, 0), now, fact.body(), now)

    def pace(self, interval_ms: int, now: datetime) -> None:
        """Want frames as often as this from now on; written down, as it decides how many are due."""
        if interval_ms == self.interval_ms:
            return
        self._asked_ms = max(self._asked_ms, self.interval_ms)
        self.interval_ms = interval_ms
        if self.segment is not None and self.segment.trouble is None:
            self.write_fact(ConnectionFactKind.PACED, now)

    def hear(self, now: datetime) -> None:
        """Something came: the browser is there."""
        self.last_received_at = now
        self._unanswered_pings = 0

    def hear_pong(self, now: datetime) -> None:
        """The browser answered a ping."""
        self.hear(now)
        self.witness.answered(now)

    def ping(self, now: datetime) -> None:
        """Once a second: ask a browser from which nothing came for a while. Once the exam is over nothing has to."""
        is_due = self.last_received_at is None or now - self.last_received_at > self._silence_limit / 2
        if self.connection is not None and is_due and not self.is_draining:
            self.connection.ping()
            self._unanswered_pings += 1

    @property
    def is_unreachable(self) -> bool:
        """Whether the socket is open in name only. Counted in pings: a node that stood still itself blames nobody."""
        return self._unanswered_pings > LOST_PINGS

    def is_silent(self, now: datetime) -> bool:
        """Whether the socket is open and no new frame came for too long, for whatever reason."""
        return (
            self.connection is not None
            and self.last_frame_at is not None
            and now - self.last_frame_at > self._silence_limit
        )

    def is_quiet(self, now: datetime) -> bool:
        """Whether a browser that is there, and is to send frames, sends none.

        Something else must have come meanwhile: a network in which everything stops says nothing about a camera, nor
        does a node that stood still itself.
        """
        heard_at, frame_at = self.last_received_at, self.last_frame_at
        if heard_at is None or frame_at is None or self.is_draining or not self.is_silent(now):
            return False
        return heard_at - frame_at >= self._silence_limit / 2 and now - heard_at <= self._silence_limit

    @property
    def _silence_limit(self) -> timedelta:
        # The acknowledgement of one frame tells of another interval, and the timer of the next one is set by then.
        asked_ms = max(self.interval_ms, self._asked_ms, self._asked_before_ms)
        return max(SILENCE_FLOOR, SILENCE_INTERVALS * timedelta(milliseconds=asked_ms))

    def durable(self, entries: Sequence[IndexEntry]) -> None:
        """These records are on the disk: acknowledge them and wake readers; none means that writing failed."""
        self.ledger.confirm(entries)
        self._acknowledge(
            [
                Ack(stream_id=entry.stream_id, seq=entry.seq, offset=entry.offset)
                for entry in entries
                if entry.seq
            ]
        )
        self.wake()

    def wake(self) -> None:
        """Let readers look again."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, since: int, seconds: float) -> None:
        """Wait for news after a version, at most so long: what came while the reader looked is news too."""
        if self.version != since:
            return
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def _ask(self) -> None:
        if self.connection is not None:
            self.connection.ping()

    def _check_storage(self) -> OpenSegment:
        segment = self.segment
        if segment is None or segment.trouble is not None:
            raise Failure(
                FailureType.UNAVAILABLE, "This node cannot store records now; connect again in a moment."
            )
        return segment

    def _write(
        self, kind: RecordKind, key: tuple[UUID, int], captured_at: datetime, body: bytes, now: datetime
    ) -> None:
        self._check_storage().append(Record(self.next_offset, kind, *key, captured_at, now, body))
        self.last_offset = self.next_offset
        if kind is not RecordKind.SCREEN:  # nothing looks at it
            self.arrivals.add(Arrival(self.last_offset, now, kind is RecordKind.FRAME))
        self._next += 1
        self.last_record_at = now
        if kind is RecordKind.FRAME:
            self.last_frame_at = now
            self._asked_before_ms, self._asked_ms = self._asked_ms, self.interval_ms

    def _acknowledge(self, acks: Sequence[Ack]) -> None:
        if acks and self.connection is not None:
            self.connection.acknowledge(acks, self.interval_ms)
