"""Incidents: their kinds, severities, thresholds by preset, and the messages about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from schema.detection import Thing
from schema.model import Message


class IncidentKind(StrEnum):
    """The rows of the incident table."""

    FACE_ABSENT = "face_absent"
    MULTIPLE_FACES = "multiple_faces"
    FORBIDDEN_OBJECT = "forbidden_object"
    TAB_CHANGE = "tab_change"
    WEBCAM_DISABLED = "webcam_disabled"
    LOOKING_AWAY = "looking_away"
    FULLSCREEN_EXIT = "fullscreen_exit"
    PASTE = "paste"
    FOCUS_LOST = "focus_lost"
    CLOCK_MANIPULATED = "clock_manipulated"
    FROZEN_PICTURE = "frozen_picture"
    VIRTUAL_CAMERA = "virtual_camera"
    VISIBILITY_UNKNOWN = "visibility_unknown"
    SCREEN_SHARE_ENDED = "screen_share_ended"
    OTHER_PERSON = "other_person"
    CONNECTION_LOST = "connection_lost"
    LOW_LIGHT = "low_light"
    DETECTOR_DOWN = "detector_down"
    RECORDS_LOST = "records_lost"
    CAMERA_TURNED = "camera_turned"
    BACKGROUND_FACE = "background_face"


class Severity(StrEnum):
    """How grave an incident is; TECHNICAL is recorded and never scored."""

    TECHNICAL = "technical"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


SCORED_SEVERITIES = frozenset(Severity) - {Severity.TECHNICAL}

SEVERITY: dict[IncidentKind, Severity] = {
    IncidentKind.FACE_ABSENT: Severity.HIGH,
    IncidentKind.MULTIPLE_FACES: Severity.CRITICAL,
    IncidentKind.FORBIDDEN_OBJECT: Severity.HIGH,
    IncidentKind.TAB_CHANGE: Severity.MEDIUM,
    IncidentKind.WEBCAM_DISABLED: Severity.CRITICAL,
    IncidentKind.LOOKING_AWAY: Severity.LOW,
    IncidentKind.FULLSCREEN_EXIT: Severity.LOW,
    IncidentKind.PASTE: Severity.LOW,
    IncidentKind.FOCUS_LOST: Severity.LOW,
    IncidentKind.CLOCK_MANIPULATED: Severity.MEDIUM,
    IncidentKind.FROZEN_PICTURE: Severity.CRITICAL,
    IncidentKind.VIRTUAL_CAMERA: Severity.TECHNICAL,
    IncidentKind.VISIBILITY_UNKNOWN: Severity.TECHNICAL,
    IncidentKind.SCREEN_SHARE_ENDED: Severity.MEDIUM,
    IncidentKind.OTHER_PERSON: Severity.LOW,
    IncidentKind.CONNECTION_LOST: Severity.TECHNICAL,
    IncidentKind.LOW_LIGHT: Severity.TECHNICAL,
    IncidentKind.DETECTOR_DOWN: Severity.TECHNICAL,
    IncidentKind.RECORDS_LOST: Severity.TECHNICAL,
    IncidentKind.CAMERA_TURNED: Severity.TECHNICAL,
    IncidentKind.BACKGROUND_FACE: Severity.LOW,
}


class Preset(StrEnum):
    """Named sets of thresholds."""

    STRICT = "strict"
    MODERATE = "moderate"
    LENIENT = "lenient"


class DetectionPolicy(Message):
    """The thresholds of one exam, frozen into the attempt when it is reserved.

    A condition is entered by a dwell time or by k of the last n frames, left after `*_leave`, and may
    not open again within `cooldown` of its end.
    """

    preset: Preset = Preset.MODERATE
    face_score: float = 0.6
    face_absent_after: timedelta = timedelta(seconds=5)
    second_person_frames: tuple[int, int] = (2, 3)
    person_score: float = 0.5
    object_frames: tuple[int, int] = (2, 3)
    object_score: float = 0.4
    forbidden: tuple[Thing, ...] = (Thing.PHONE,)
    looking_away: bool = False
    looking_away_ratio: float = 0.45
    looking_away_after: timedelta = timedelta(seconds=5)
    other_person: bool = False  # compares faces with the identity photo: biometric data
    other_person_basis: str = ""  # the legal basis for that, shown to the student; needed where it is on
    other_person_distance: float = 0.6
    dark_brightness: float = 10.0
    flat_contrast: float = 4.0
    blurred_sharpness: float = 10.0
    blocked_after: timedelta = timedelta(seconds=3)
    low_light_brightness: float = 40.0
    frozen_picture: bool = True
    frozen_after: timedelta = timedelta(seconds=10)
    silence_floor: timedelta = timedelta(seconds=5)
    silence_intervals: int = 3
    leave_after: timedelta = timedelta(seconds=2)
    cooldown: timedelta = timedelta(seconds=5)
    screen_share: bool = False  # the whole screen is shared and seen by people; no detector looks at it
    screen_interval: timedelta = timedelta(seconds=5)

    @property
    def screen_interval_asked(self) -> timedelta | None:
        """How often the screen is to be sent; None where the exam does not ask for it."""
        return self.screen_interval if self.screen_share else None


_PRESETS: dict[Preset, dict[str, object]] = {
    Preset.STRICT: {
        "face_absent_after": timedelta(seconds=3),
        "object_score": 0.3,
        "person_score": 0.4,
        "looking_away_after": timedelta(seconds=3),
    },
    Preset.MODERATE: {},
    Preset.LENIENT: {
        "face_absent_after": timedelta(seconds=10),
        "second_person_frames": (3, 4),
        "object_frames": (3, 4),
        "object_score": 0.5,
        "looking_away_after": timedelta(seconds=10),
        "blocked_after": timedelta(seconds=6),
    },
}


def policy_for(preset: Preset, **thresholds: object) -> DetectionPolicy:
    """The preset's thresholds with an exam's own on top."""
    return DetectionPolicy.model_validate({"preset": preset, **_PRESETS[preset], **thresholds})


class EvidenceMoment(StrEnum):
    """Where an evidence frame stands relative to the incident's opening."""

    BEFORE = "before"
    AT = "at"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A frame that shows an incident; `boxes` as (label, left, top, right, bottom, score), fractions."""

    moment: EvidenceMoment
    offset: int
    captured_at: datetime
    boxes: tuple[tuple[str, float, float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """A condition with start, end, confidence, evidence, rule and model version.

    `ended_at` is None while it is open. `confidence` is 0 to 1. `rule` says in words which rule said so,
    `model` names version and hash of the model and rules.
    """

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    opening_offset: int
    started_at: datetime
    ended_at: datetime | None
    confidence: float
    rule: str
    model: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_scored(self) -> bool:
        """Technical incidents are recorded, never scored."""
        return self.severity is not Severity.TECHNICAL


class IncidentSignal(Message):
    """What a workflow learns of an incident: ids and facts, never pixels."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    confidence: float
    started_at: datetime
    ended_at: datetime | None = None
