"""One record of an attempt's stream: a frame, a browser event or a fact about the connection.

Records are ordered by `offset`. The API node that accepts a stream assigns offsets as
`epoch * 2**32 + n`, so a newer stream's records always follow an older one's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from schema.model import Message

EPOCH_SHIFT = 32


class RecordKind(IntEnum):
    """What the body of a record holds."""

    FRAME = 1  # a JPEG
    BROWSER_EVENT = 2  # a BrowserEvent as JSON
    CONNECTION = 3  # a ConnectionFact as JSON
    SCREEN = 4  # a JPEG of the student's screen; nothing that looks for faces or counts frames reads it


class BrowserEventKind(StrEnum):
    """What a browser reports beside its frames."""

    TAB_HIDDEN = "tab_hidden"
    TAB_VISIBLE = "tab_visible"
    FOCUS_LOST = "focus_lost"
    FOCUS_GAINED = "focus_gained"
    FULLSCREEN_EXIT = "fullscreen_exit"
    FULLSCREEN_ENTER = "fullscreen_enter"
    PASTE = "paste"
    TRACK_ENDED = "track_ended"
    TRACK_STARTED = "track_started"
    DEVICES_CHANGED = "devices_changed"
    SCREEN_STARTED = "screen_started"  # the whole screen is shared
    SCREEN_ENDED = "screen_ended"


class ConnectionFactKind(StrEnum):
    """What the server knows about the connection; it writes these records itself."""

    OPENED = "opened"
    CLOSED = "closed"  # the socket ended, or the node found after a restart that it must have
    QUIET = "quiet"  # the browser is there, and no frame came for longer than the silence limit; each second
    PACED = "paced"  # frames are wanted more or less often from now on
    SERVER_RESTARTED = "server_restarted"  # silence before this record was the server's fault
    ENDED = "ended"  # the attempt closed: no record follows
    RECORDS_LOST = (
        "records_lost"  # accepted ones, before this: their file is damaged or gone; `lost` says how many
    )
    CLOCK_WRONG = (
        "clock_wrong"  # what the browser says of time cannot be: the arrival counts; `detail` says why
    )
    CLOCK_RIGHT = "clock_right"  # it can be again


class BrowserEvent(Message):
    """A browser event; `detail` is a short word such as a device kind, never what was pasted."""

    kind: BrowserEventKind
    detail: str = ""


class ConnectionFact(Message):
    """A fact about the connection; `interval_ms` is the frame interval that was asked for at that moment.

    `off_ms` is how far the browser's claim lies after the arrival; negative is before.
    """

    kind: ConnectionFactKind
    interval_ms: int = 1000
    detail: str = ""
    off_ms: int = 0
    lost: int = 0

    def body(self) -> bytes:
        """As a record's body. What says nothing is left out, so that older readers know every field."""
        return self.model_dump_json(exclude=self._silent()).encode()

    def _silent(self) -> set[str]:
        return {name for name in ("detail", "off_ms", "lost") if not getattr(self, name)}


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `captured_at` is when it happened (server time, used by rules), `received_at` when it arrived."""

    offset: int
    kind: RecordKind
    stream_id: UUID
    seq: int
    captured_at: datetime
    received_at: datetime
    body: bytes
