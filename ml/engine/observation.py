"""What one record of the stream means to the rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ml.counting import faces_of, forbidden_of, persons_of
from ml.engine.memory import Mark, StreamMemory
from schema.detection import Box, Detections, Face, Sighting
from schema.frame.facts import FrameFacts
from schema.incident import DetectionPolicy
from schema.record import BrowserEventKind, ConnectionFact

# A turned camera is found in frames no farther apart than this, and excuses a missing face for so long.
TURNED_APART = timedelta(seconds=4)
TURNED_LASTS = timedelta(seconds=60)
BACKGROUND = "background"  # the label of what counts for nothing
MARKED_BOXES = 6  # of the best boxes, kept with an evidence frame


@dataclass(frozen=True, slots=True)
class Observation:
    """One record as the rules see it: a frame, a browser event or a connection fact.

    `at` is the capture time. `detections` is None for a frame that did not decode, and for anything but frames.
    `facts` is what the browser said of the frame.
    """

    offset: int
    at: datetime
    received_at: datetime
    is_frame: bool = False
    is_screen: bool = False  # a picture of the screen, which nothing looks at
    detections: Detections | None = None
    event: BrowserEventKind | None = None
    fact: ConnectionFact | None = None
    facts: FrameFacts | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """An observation, the stream up to it and the exam's thresholds: all that a sign may judge by."""

    now: Observation
    stream: StreamMemory
    policy: DetectionPolicy

    @property
    def silence_limit(self) -> timedelta:
        """How long nothing may come before that is silence: max(floor, intervals times what was asked for).

        A browser goes by a new interval only after its second frame: until then the longer one holds.
        """
        stream = self.stream
        asked_ms = max(stream.interval_ms, stream.asked_ms, stream.asked_before_ms)
        return max(
            self.policy.silence_floor, timedelta(milliseconds=asked_ms) * self.policy.silence_intervals
        )

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces that count by this exam's policy, best first."""
        return () if self.now.detections is None else faces_of(self.now.detections, self.policy)

    @property
    def persons(self) -> tuple[Sighting, ...]:
        """The persons that count by this exam's policy, best first."""
        return () if self.now.detections is None else persons_of(self.now.detections, self.policy)

    @property
    def forbidden(self) -> tuple[Sighting, ...]:
        """The forbidden things that count by this exam's policy, best first."""
        return () if self.now.detections is None else forbidden_of(self.now.detections, self.policy)

    @property
    def is_dim(self) -> bool:
        """Whether the light is low, or was until a moment ago."""
        dim_at = self.stream.dim_at
        return dim_at is not None and abs(self.now.at - dim_at) <= self.policy.leave_after

    @property
    def is_turned(self) -> bool:
        """Whether the camera stands wrong, and has not for so long that it is no mistake any more."""
        since, last = self.stream.turned_since, self.stream.turned_at
        if since is None or last is None:
            return False
        return abs(self.now.at - last) <= TURNED_APART and self.now.at - since <= TURNED_LASTS

    def mark(self) -> Mark:
        """This frame as evidence: where it is, when it was, and the boxes of what counts in it."""
        boxes = [_labelled("face", face.box, face.score) for face in self.faces]
        boxes += [_labelled(s.thing.value, s.box, s.score) for s in (*self.forbidden, *self.persons)]
        background = () if self.now.detections is None else self.now.detections.background
        boxes += [_labelled(BACKGROUND, box, 0.0) for box in background]
        return Mark(offset=self.now.offset, at=self.now.at, boxes=tuple(boxes[:MARKED_BOXES]))


def _labelled(label: str, box: Box, score: float) -> tuple[str, float, float, float, float, float]:
    sides = (box.left, box.top, box.right, box.bottom)
    left, top, right, bottom = (round(side, 4) for side in sides)
    return label, left, top, right, bottom, round(score, 3)
