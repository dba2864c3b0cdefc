"""What staff read of one attempt: everything that is known, in one answer."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from api.reservations.hold_shape import HoldEntry
from api.reservations.search_shape import FoundAttempt
from api.reservations.sitting_shape import SittingsView
from schema.coverage.figure import WatchCoverage
from schema.incident import IncidentKind, Severity
from schema.machine import ActorRole
from schema.model import Message
from schema.retention import DataClass
from schema.review import ReviewKind, ReviewStage


class MoveEntry(Message):
    """One line of the decision log. The name is empty for timers and the system, and once a person is gone."""

    version: int
    machine: str
    source: str
    verb: str
    target: str
    actor_role: ActorRole
    actor_name: str
    reason: str
    at: datetime


class Stop(Message):
    """A time in which the clock stood: paused, or stopped by a proctor. `until` is null while it stands."""

    verb: str = Field(examples=["pause"])
    since: datetime
    until: datetime | None
    reason: str


class ClockEntry(Message):
    """The clock as it ran; extra time includes the student's accommodation."""

    duration: timedelta = Field(description="Of the exam, for everybody")
    started_at: datetime | None
    deadline_at: datetime | None = Field(description="Null before the start and while the clock stands")
    stopped: timedelta = Field(description="How long it stood, all stops that have ended together")
    extra: timedelta | None = Field(description="Beyond duration and stops; null while there is no deadline")
    extensions: int = Field(description="How often time was given")
    stops: list[Stop]


class IncidentEntry(Message):
    """An incident and what a person made of it."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    started_at: datetime
    ended_at: datetime | None
    confidence: float
    ruling: str
    ruling_reason: str
    acknowledged_by_name: str


class ReviewEntry(Message):
    """A decision that was asked for. Names are empty while there is nobody, or once they are gone."""

    review_id: UUID
    kind: ReviewKind
    stage: ReviewStage
    round_number: int
    opened_at: datetime
    escalate_at: datetime
    assignee_name: str
    decided_at: datetime | None
    decided_by_name: str
    outcome: str


class MarkEntry(Message):
    """One round of marking."""

    round_number: int
    earned: Decimal | None
    points: Decimal
    percent: Decimal | None
    passed: bool | None
    completed_at: datetime | None


class KeptClass(Message):
    """One class of data: how long it is kept, when it goes, and what was deleted, counted after verification."""

    data_class: DataClass
    kept_for: timedelta
    delete_at: datetime | None = Field(description="Null before the attempt is over")
    is_deleted: bool
    rows: int
    objects: int


class KeepingEntry(Message):
    """What is kept and for how long; a hold blocks all of it."""

    over_at: datetime | None = Field(description="From then on times of keeping count; null before")
    classes: list[KeptClass]
    receipt_at: datetime | None = Field(description="When the receipt of deletion was last written")
    is_receipt_readable: bool = Field(description="False when the store does not answer")


class RecordView(Message):
    """An attempt's record. `reviews`, `marks` and `holds` are for admins (else null)."""

    attempt: FoundAttempt
    ends_at: datetime = Field(description="The slot's end")
    exam_version: int
    submitted_at: datetime | None
    has_report: bool
    clock: ClockEntry
    moves: list[MoveEntry]
    coverage: WatchCoverage | None = Field(None, description="How much of it was watched, and why not all")
    incident_list: list[IncidentEntry]
    reviews: list[ReviewEntry] | None
    marks: list[MarkEntry] | None
    sittings: SittingsView | None = Field(None, description="The student's of this exam; for admins")
    holds: list[HoldEntry] | None
    keeping: KeepingEntry
