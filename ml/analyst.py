"""Analyses one attempt's records: detectors on each frame, the engine on what they saw, and the state to go on from."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import numpy as np
from pydantic import Field, ValidationError

from ml.counting import faces_of, forbidden_of, persons_of
from ml.detector import Detectors
from ml.engine.engine import Engine
from ml.engine.memory import EngineMemory
from ml.engine.observation import Observation
from ml.frame import Pixels, decode
from ml.identity.likeness import Likeness, LikenessMemory
from ml.nobody import NobodyThere, SightMemory
from ml.picture import THUMBNAIL_SIZE, Grey, measure
from ml.recurrence import PrintMemory, has_returned
from ml.room.background import Room, RoomMemory
from ml.schedule import ScheduleMemory, is_due, may_doubt, note_doubt, note_frame
from ml.second_look import confirmed, doubtful, unconfirmed
from schema.analysis import Analysis, IncidentChange
from schema.detection import Detections, Face, Sighting, Thing
from schema.frame.facts import facts_of
from schema.incident import DetectionPolicy
from schema.model import State
from schema.record import BrowserEvent, ConnectionFact, Record, RecordKind


class AnalystMemory(State):
    """All that is carried from one call to the next."""

    offset: int = -1
    schedule: ScheduleMemory = Field(default_factory=ScheduleMemory)
    thumbnail: str = ""
    prints: PrintMemory = Field(default_factory=PrintMemory)
    sight: SightMemory = Field(default_factory=SightMemory)
    room: RoomMemory = Field(default_factory=RoomMemory)
    engine: EngineMemory = Field(default_factory=EngineMemory)
    likeness: LikenessMemory = Field(default_factory=LikenessMemory)


class FrameAnalyst:
    """Follows one attempt. Keeps nothing between calls: what it must remember is in the state it hands back."""

    def __init__(
        self,
        attempt_id: UUID,
        policy: DetectionPolicy,
        detectors: Detectors,
        likeness: Likeness | None = None,
    ) -> None:
        """`likeness` is given where the exam compares faces with the one at check-in."""
        self._detectors = detectors
        self._policy = policy
        self._looker = NobodyThere(detectors.faces, policy)
        self._likeness = likeness
        cards = [str(card) for card in detectors.cards]
        self.model_version = " + ".join([*cards, *([] if likeness is None else [likeness.card()])])
        self._engine = Engine(attempt_id, policy, self.model_version)

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """Incidents that these records open, change or close.

        `state` is what the last call returned, None at the beginning. Records come in the order of their
        offsets; those up to the state's offset were analysed before and are passed over. A frame that does
        not decode is counted, never an error. Raises ValueError for a state that is none of ours.
        """
        memory = _restore(state)
        fresh = [record for record in records if record.offset > memory.offset]
        changes: list[IncidentChange] = []
        unreadable = 0
        for record in fresh:
            observation = self._observe(memory, record)
            changes += [] if observation is None else self._engine.step(memory.engine, observation)
            unreadable += observation is not None and observation.is_frame and observation.detections is None
            memory.offset = record.offset
        frames = sum(record.kind is RecordKind.FRAME for record in fresh)
        return Analysis(_save(memory), memory.offset, tuple(changes), frames, unreadable)

    def _observe(self, memory: AnalystMemory, record: Record) -> Observation | None:
        if record.kind is RecordKind.SCREEN:
            return Observation(record.offset, record.captured_at, record.received_at, is_screen=True)
        if record.kind is not RecordKind.FRAME:
            return _reported(record)
        pixels = decode(record.body)
        seen = None if pixels is None else self._detect(memory, pixels, record.captured_at)
        if seen is not None and pixels is not None and self._likeness is not None:
            faces = faces_of(seen, self._policy)
            far = self._likeness.look(memory.likeness, pixels, faces, record.captured_at)
            seen = replace(seen, unlikeness=far)
        return Observation(
            record.offset,
            record.captured_at,
            record.received_at,
            is_frame=True,
            detections=seen,
            facts=facts_of(record.body),
        )

    def _detect(self, memory: AnalystMemory, pixels: Pixels, at: datetime) -> Detections:
        picture, thumbnail = measure(pixels, _unpacked(memory.thumbnail))
        memory.thumbnail = _packed(thumbnail)
        picture = replace(picture, has_returned=has_returned(memory.prints, thumbnail))
        faces = self._detectors.faces.faces(pixels)
        first = Detections(faces, None, picture)
        counted = len(faces_of(first, self._policy))
        sightings = self._sightings(memory.schedule, pixels, at, counted, picture.motion)
        room = Room(memory.room, at, pixels)
        background = room.background(*self._doubtful(Detections(faces, sightings, picture)))
        seen = Detections(faces, sightings, picture, background, room.is_new_picture())
        seen = self._looker.closer(memory.sight, pixels, thumbnail, seen)
        hit = self._is_hit(seen) or room.is_undecided
        note_frame(memory.schedule, at, counted, looked=sightings is not None, hit=hit)
        return seen

    def _doubtful(self, seen: Detections) -> tuple[tuple[Face, ...], tuple[Sighting, ...] | None]:
        """What might count by this exam's thresholds: all that it forbids, however doubtful, and who counts."""
        if seen.sightings is None:
            return faces_of(seen, self._policy), None
        things = tuple(s for s in seen.sightings if s.thing in self._policy.forbidden)
        return faces_of(seen, self._policy), persons_of(seen, self._policy) + things

    def _sightings(
        self, schedule: ScheduleMemory, pixels: Pixels, at: datetime, faces: int, motion: float
    ) -> tuple[Sighting, ...] | None:
        objects = self._detectors.objects
        if objects is None or not is_due(schedule, at, faces, motion):
            return None
        sightings = objects.sightings(pixels)
        phone = doubtful(sightings)
        if phone is None or Thing.PHONE not in self._policy.forbidden:
            return sightings
        if not may_doubt(schedule, at):
            return unconfirmed(sightings, phone)
        sightings = confirmed(objects, pixels, sightings, phone)
        is_hit = any(s.thing is Thing.PHONE and s.score >= self._policy.object_score for s in sightings)
        note_doubt(schedule, hit=is_hit)
        return sightings

    def _is_hit(self, seen: Detections) -> bool:
        return bool(forbidden_of(seen, self._policy)) or len(persons_of(seen, self._policy)) > 1


def _reported(record: Record) -> Observation | None:
    """A browser event or a connection fact; None for a body that is neither, which the API node never writes."""
    try:
        if record.kind is RecordKind.BROWSER_EVENT:
            event = BrowserEvent.model_validate_json(record.body).kind
            return Observation(record.offset, record.captured_at, record.received_at, event=event)
        fact = ConnectionFact.model_validate_json(record.body)
        return Observation(record.offset, record.captured_at, record.received_at, fact=fact)
    except ValidationError:
        return None


def _restore(state: bytes | None) -> AnalystMemory:
    return AnalystMemory() if state is None else AnalystMemory.model_validate_json(state)


def _save(memory: AnalystMemory) -> bytes:
    return memory.model_dump_json(exclude_defaults=True).encode()


def _packed(thumbnail: Grey) -> str:
    return base64.b64encode(thumbnail.tobytes()).decode()


def _unpacked(text: str) -> Grey | None:
    if not text:
        return None
    width, height = THUMBNAIL_SIZE
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width)
