"""Builders of records and detections: a stream is told as a story, second by second."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ml.engine.engine import Engine
from ml.engine.memory import EngineMemory
from ml.engine.observation import Observation
from schema.analysis import ChangeKind, IncidentChange
from schema.detection import Box, Detections, Face, Picture, Point, Sighting, Thing
from schema.frame.facts import FrameFacts, with_facts
from schema.incident import DetectionPolicy, Incident, IncidentKind, Preset, policy_for
from schema.record import (
    BrowserEvent,
    BrowserEventKind,
    ConnectionFact,
    ConnectionFactKind,
    Record,
    RecordKind,
)

ATTEMPT = UUID("01900000-0000-7000-8000-00000000a77e")
STREAM = UUID("01900000-0000-7000-8000-0000000057ee")
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MODERATE = policy_for(Preset.MODERATE)
SEEN_PAGE = FrameFacts(is_visible=True)

CLEAR_PICTURE = Picture(brightness=130, contrast=50, sharpness=400, motion=1.0)
BLACK_PICTURE = Picture(brightness=3, contrast=1, sharpness=2, motion=0.0)
DIM_PICTURE = Picture(brightness=25, contrast=15, sharpness=40, motion=1.0)


def moment(second: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=second)


def seconds(instant: datetime | None) -> float | None:
    """The other way round."""
    return None if instant is None else (instant - START).total_seconds()


def a_face(score: float = 0.9, nose_x: float = 0.5) -> Face:
    """A face looking at the camera, or aside with another `nose_x`; its eyes are 0.1 apart around 0.5."""
    eyes, nose, rest = (Point(0.45, 0.4), Point(0.55, 0.4)), Point(nose_x, 0.5), Point(0.5, 0.6)
    return Face(Box(0.4, 0.3, 0.6, 0.7), score, (*eyes, nose, rest, rest, rest))


def a_sighting(thing: Thing, score: float = 0.9) -> Sighting:
    """A thing somewhere in the picture."""
    return Sighting(thing, Box(0.1, 0.1, 0.3, 0.5), score)


def seen(
    faces: int | tuple[Face, ...] = 1,
    things: tuple[Thing, ...] | None = None,
    picture: Picture = CLEAR_PICTURE,
) -> Detections:
    """What a frame shows; `things` is None where the object detector did not look."""
    found = faces if isinstance(faces, tuple) else tuple(a_face() for _ in range(faces))
    sightings = None if things is None else tuple(a_sighting(thing) for thing in things)
    return Detections(found, sightings, picture)


class Story:
    """Tells an engine what happens, and keeps what it made of it."""

    def __init__(self, policy: DetectionPolicy = MODERATE) -> None:
        self.engine = Engine(ATTEMPT, policy, "model 1")
        self.memory = EngineMemory()
        self.changes: list[IncidentChange] = []
        self._offset = 0

    def frame(
        self,
        second: float,
        shows: Detections | None,
        received: float | None = None,
        facts: FrameFacts | None = SEEN_PAGE,
    ) -> None:
        """A frame of the exam's page; None does not decode."""
        self._tell(second, received, is_frame=True, detections=shows, facts=facts)

    def frames(self, begin: int, end: int, shows: Detections | None) -> None:
        """A frame a second, from `begin` up to and without `end`."""
        for second in range(begin, end):
            self.frame(second, shows)

    def screen(self, second: float) -> None:
        """A picture of the screen."""
        self._tell(second, None, is_screen=True)

    def event(self, second: float, kind: BrowserEventKind, received: float | None = None) -> None:
        """A browser event."""
        self._tell(second, received, event=kind)

    def fact(self, second: float, kind: ConnectionFactKind, interval_ms: int = 1000) -> None:
        """A fact about the connection."""
        self._tell(second, None, fact=ConnectionFact(kind=kind, interval_ms=interval_ms))

    def of(self, kind: IncidentKind) -> list[Incident]:
        """The incidents of this kind as they now stand, oldest first."""
        latest = {c.incident.incident_id: c.incident for c in self.changes if c.incident.kind is kind}
        return list(latest.values())

    def kinds(self) -> set[IncidentKind]:
        """The kinds that occurred."""
        return {change.incident.kind for change in self.changes}

    def spans(self, kind: IncidentKind) -> list[tuple[float | None, float | None]]:
        """Start and end of the incidents of this kind, in seconds."""
        return [(seconds(incident.started_at), seconds(incident.ended_at)) for incident in self.of(kind)]

    def _tell(self, second: float, received: float | None, **what: object) -> None:
        arrived = moment(second if received is None else received)
        make: Callable[..., Observation] = Observation
        self.changes += self.engine.step(self.memory, make(self._offset, moment(second), arrived, **what))
        self._offset += 1


class Tape:
    """Records as the API node writes them."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def frame(self, second: float, jpeg: bytes) -> None:
        """A frame of the exam's page."""
        self._add(RecordKind.FRAME, second, with_facts(jpeg, SEEN_PAGE))

    def screen(self, second: float, jpeg: bytes) -> None:
        """A picture of the screen."""
        self._add(RecordKind.SCREEN, second, jpeg)

    def event(self, second: float, kind: BrowserEventKind) -> None:
        """A browser event."""
        self._add(RecordKind.BROWSER_EVENT, second, BrowserEvent(kind=kind).model_dump_json().encode())

    def fact(self, second: float, kind: ConnectionFactKind) -> None:
        """A fact about the connection."""
        self._add(RecordKind.CONNECTION, second, ConnectionFact(kind=kind).model_dump_json().encode())

    def _add(self, kind: RecordKind, second: float, body: bytes) -> None:
        number, at = len(self.records), moment(second)
        self.records.append(Record(number, kind, STREAM, number, at, at, body))


def opened(changes: list[IncidentChange]) -> list[Incident]:
    """The incidents that opened, as they stood then."""
    return [change.incident for change in changes if change.change is ChangeKind.OPENED]
