"""What browser and API node say to each other on an attempt's stream.

The first message is a `TicketMessage`; the node answers `Ready`. Then frames go up as binary messages (a 28-byte
header, then the JPEG) and browser events as JSON, in one sequence of `seq` numbers per stream that starts at 1.
What was not acknowledged is sent again, on a later stream under its old (stream_id, seq). Text messages from the
node carry a `type`: ready, ack, refused, ping or closing; a ping is answered by a pong, at once.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from schema.failures import Failure, FailureType
from schema.model import Message
from schema.record import BrowserEvent, RecordKind

# stream_id, seq, and in eight bytes the track (the first one) and captured_at in milliseconds since 1970 (server time)
FRAME_HEADER = struct.Struct(">16sIQ")
_TRACK_SHIFT = 56
TICKET_LIFE = timedelta(seconds=30)
FINAL_HEADER = "x-feed-final"  # of the internal feed: "true" when no record can follow
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_999  # the last millisecond of year 9999, the last a datetime can say


class Track(IntEnum):
    """What a picture is of, as it stands on the wire."""

    CAMERA = 0
    SCREEN = 1

    @property
    def kind(self) -> RecordKind:
        """The records that its pictures become."""
        return RecordKind.SCREEN if self is Track.SCREEN else RecordKind.FRAME


class TrackName(StrEnum):
    """The same over REST."""

    CAMERA = "camera"
    SCREEN = "screen"

    @property
    def kind(self) -> RecordKind:
        """The records that its pictures became."""
        return RecordKind.SCREEN if self is TrackName.SCREEN else RecordKind.FRAME


Seq = Annotated[int, Field(ge=1, le=2**32 - 1)]
Milliseconds = Annotated[int, Field(ge=0, le=_LATEST)]


class Presence(StrEnum):
    """Whether an attempt's browser is there; derived by the API node, never set by hand."""

    NEVER = "never"
    CONNECTING = "connecting"  # a ticket was given and not yet used
    ONLINE = "online"
    DEGRADED = "degraded"  # the socket is open and no frame came for longer than the silence limit
    MISSING = "missing"  # the attempt is open and no socket is
    CLOSED = "closed"


class CloseCode(IntEnum):
    """Why the node closed the socket (RFC 6455, section 7.4.2: 4000 to 4999 are ours)."""

    BAD_TICKET = 4401
    REVOKED = 4403
    UNREACHABLE = 4408  # nothing came any more, not even a pong: the network between is gone
    SUPERSEDED = 4409  # the attempt was opened in another window or on another device
    ATTEMPT_CLOSED = 4410
    REPLACED = 4411  # by a newer connection of the same page
    BAD_MESSAGE = 4422
    STORAGE_TROUBLE = 4503
    SHUTTING_DOWN = 4504


class TicketRequest(Message):
    """Which page asks: a name that it chose for itself when it was loaded, opaque to the server."""

    page: Annotated[str | None, Field(min_length=8, max_length=64, pattern=r"^[\x21-\x7e]+$")] = None


class StreamTicketGrant(Message):
    """The right to open one stream within `expires_at`; `interval_ms` is how often to capture."""

    ticket: str
    attempt_id: UUID
    epoch: int
    expires_at: datetime
    server_time: datetime
    interval_ms: int
    window: int
    max_frame_bytes: int
    screen_interval_ms: int | None = None  # how often to send the screen; None: the exam does not ask for it
    stream_time: datetime | None = None  # by the clock that frames are judged by; it never jumps


class TicketMessage(Message):
    """The first message of a stream."""

    type: Literal["ticket"] = "ticket"
    ticket: Annotated[str, Field(min_length=20, max_length=100)]


class EventMessage(Message):
    """A browser event in the stream's sequence; `captured_at` in milliseconds since 1970, server time."""

    type: Literal["event"] = "event"
    stream_id: UUID
    seq: Seq
    captured_at: Milliseconds
    event: BrowserEvent


class Pong(Message):
    """The browser is there, whether it has frames to send or not."""

    type: Literal["pong"] = "pong"


ClientMessage = Annotated[TicketMessage | EventMessage | Pong, Field(discriminator="type")]
CLIENT_MESSAGE: TypeAdapter[TicketMessage | EventMessage | Pong] = TypeAdapter(ClientMessage)


class Ready(Message):
    """The stream is open: name frames by this stream_id from seq 1."""

    type: Literal["ready"] = "ready"
    stream_id: UUID
    epoch: int
    interval_ms: int
    window: int
    server_time: datetime
    stream_time: datetime | None = None


class Ack(Message):
    """One record is durable under `offset`."""

    stream_id: UUID
    seq: int
    offset: int


class AckMessage(Message):
    """Records that are durable now, how busy the node is (0 idle to 10 full), and the interval it wants."""

    type: Literal["ack"] = "ack"
    acks: tuple[Ack, ...]
    load: Annotated[int, Field(ge=0, le=10)]
    interval_ms: int
    server_time: datetime
    stream_time: datetime | None = None


class Refused(Message):
    """One record was not taken and will not be: drop it. `limit` names the limit it broke, if it broke one."""

    type: Literal["refused"] = "refused"
    stream_id: UUID | None = None
    seq: int | None = None
    reason: FailureType
    message: str
    limit: int | None = None


class Ping(Message):
    """Nothing came for a while: is the browser there? A message, as pages cannot see the protocol's own pings."""

    type: Literal["ping"] = "ping"


class Closing(Message):
    """Said before the node closes the socket; `may_reconnect` asks for a new ticket."""

    type: Literal["closing"] = "closing"
    code: CloseCode
    message: str
    may_reconnect: bool


ServerMessage = Annotated[Ready | AckMessage | Refused | Ping | Closing, Field(discriminator="type")]
SERVER_MESSAGE: TypeAdapter[Ready | AckMessage | Refused | Ping | Closing] = TypeAdapter(ServerMessage)


@dataclass(frozen=True, slots=True)
class FrameMessage:
    """A binary message: a JPEG with its key, its time of capture and its track."""

    stream_id: UUID
    seq: int
    captured_at: datetime
    jpeg: bytes
    track: Track = Track.CAMERA


def instant_of(milliseconds: int) -> datetime:
    """Milliseconds since 1970 as an instant."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds_of(instant: datetime) -> int:
    """An instant as milliseconds since 1970, rounded down."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def encode_frame(frame: FrameMessage) -> bytes:
    """The binary message of a frame."""
    stamp = frame.track << _TRACK_SHIFT | milliseconds_of(frame.captured_at)
    head = FRAME_HEADER.pack(frame.stream_id.bytes, frame.seq, stamp)
    return head + frame.jpeg


def decode_frame(message: bytes) -> FrameMessage:
    """The frame of a binary message. Raises INVALID."""
    if len(message) <= FRAME_HEADER.size:
        raise Failure(
            FailureType.INVALID,
            f"A binary message needs a header of {FRAME_HEADER.size} bytes and a JPEG; this one has "
            f"{len(message)} bytes.",
        )
    stream, seq, stamp = FRAME_HEADER.unpack_from(message)
    track, milliseconds = divmod(stamp, 1 << _TRACK_SHIFT)
    if seq < 1 or milliseconds > _LATEST or track not in set(Track):
        said = f"seq {seq}, track {track} or captured_at {milliseconds} ms is out of range."
        raise Failure(FailureType.INVALID, said)
    jpeg = message[FRAME_HEADER.size :]
    return FrameMessage(UUID(bytes=stream), seq, instant_of(milliseconds), jpeg, Track(track))
