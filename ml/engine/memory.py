"""What the engine remembers between records; serialised with the checkpoint, so it stays small and plain."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from schema.incident import EvidenceMoment
from schema.model import State

LabelledBox = tuple[str, float, float, float, float, float]


class Mark(State):
    """A frame that may become evidence."""

    offset: int
    at: datetime
    boxes: tuple[LabelledBox, ...] = ()


class Glimpse(State):
    """One statement about a sign: seen or not, how strongly (0 to 1), and the frame before it."""

    at: datetime
    seen: bool
    weight: float
    before: Mark | None = None


class SignMemory(State):
    """One sign's way into its condition and out of it."""

    glimpses: list[Glimpse] = Field(default_factory=list)
    count: int = 0
    total: float = 0.0
    last_at: datetime | None = None
    on: bool = False
    clear_since: datetime | None = None


class Exhibit(State):
    """A frame taken as evidence, and for which moment."""

    moment: EvidenceMoment
    mark: Mark


class Dossier(State):
    """An incident in progress, or closed and still waiting for its later evidence."""

    incident_id: UUID
    opening_offset: int
    started_at: datetime
    ended_at: datetime | None = None
    confidence: float
    announced: float
    rule: str
    exhibits: list[Exhibit] = Field(default_factory=list)
    awaits_opening_frame: bool
    frames_until_after: int


class RuleMemory(State):
    """What one rule knows: its signs, its incident and when its last one ended."""

    signs: dict[str, SignMemory] = Field(default_factory=dict)
    dossier: Dossier | None = None
    ended_at: datetime | None = None


class StreamMemory(State):
    """What the records so far say of the stream itself; every sign sees it, none changes it."""

    interval_ms: int = 1000
    asked_ms: int = (
        0  # the longest interval asked for since the last frame, and before it since the one before
    )
    asked_before_ms: int = 0
    heard_at: datetime | None = None
    hidden: bool = False
    hidden_at: datetime | None = None
    last_frame: Mark | None = None
    screen_at: datetime | None = (
        None  # a picture of the screen came, or had the same time to come as the first
    )
    track_started_at: datetime | None = None  # since the camera's track last ended
    dim_at: datetime | None = None
    turned_since: datetime | None = None
    turned_at: datetime | None = None


class EngineMemory(State):
    """Everything the engine remembers."""

    stream: StreamMemory = Field(default_factory=StreamMemory)
    rules: dict[str, RuleMemory] = Field(default_factory=dict)
