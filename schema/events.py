"""Events: the envelope, the twelve topics, and what each carries. Opaque ids only, no personal data."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from schema.incident import IncidentKind, Severity
from schema.machine import ActorRole
from schema.model import Message
from schema.sitting.rule import Counting


class Topic(StrEnum):
    """The topics; each is a folder of the lake and, with Kafka, a topic there."""

    EXAM_SCHEDULED = "exam_scheduled"
    EXAM_CANCELLED = "exam_cancelled"
    MONITORING_STARTED = "monitoring_started"
    MONITORING_STOPPED = "monitoring_stopped"
    ANOMALY_DETECTED = "anomaly_detected"
    HIGH_RISK_ALERT = "high_risk_alert"
    EXAM_SUBMITTED = "exam_submitted"
    GRADING_COMPLETED = "grading_completed"
    MANUAL_REVIEW_REQUIRED = "manual_review_required"
    INCIDENT_CLOSED = "incident_closed"
    REVIEW_DECIDED = "review_decided"
    ATTEMPT_CHANGED = "attempt_changed"


class Source(StrEnum):
    """The schema whose outbox an event was born in; sequences count per attempt and source."""

    RESERVATIONS = "reservations"
    MONITORING = "monitoring"
    CORRECTIONS = "corrections"


class Envelope(Message):
    """What every event says of itself. `sequence` orders an attempt's events of one source, gapless from 1."""

    event_id: UUID
    type: Topic
    version: int = 1
    occurred_at: datetime
    organisation_id: UUID
    attempt_id: UUID
    exam_id: UUID
    student_id: UUID
    cohort_id: UUID | None = None
    source: Source
    sequence: int
    data: dict[str, Any]


class ExamScheduled(Message):
    """A reservation was confirmed or moved."""

    slot_id: UUID
    starts_at: datetime
    ends_at: datetime


class ExamCancelled(Message):
    """A reservation ended before the exam: cancelled, expired, no-show or voided."""

    phase: str
    reason: str = ""


class MonitoringStarted(Message):
    """Watching began."""

    rules_version: str
    model_version: str


class MonitoringStopped(Message):
    """Watching ended; every accepted frame is analysed or accounted for."""

    frames_accepted: int
    frames_analysed: int
    frames_unreadable: int
    risk: float


class AnomalyDetected(Message):
    """An incident opened."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    confidence: float
    started_at: datetime
    rule: str
    model: str


class IncidentClosed(Message):
    """An incident ended."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    confidence: float
    started_at: datetime
    ended_at: datetime


class HighRiskAlert(Message):
    """A critical incident opened or the score crossed the threshold."""

    incident_id: UUID
    kind: IncidentKind
    risk: float
    severity: Severity | None = None  # None in events from before these two were told
    started_at: datetime | None = None


class ExamSubmitted(Message):
    """The attempt was handed in."""

    submitted_at: datetime
    by: ActorRole
    answered: int | None = None


class ItemScore(Message):
    """One question's score, for item analysis."""

    question_id: UUID
    earned: Decimal
    points: Decimal
    seconds: int | None = None


class GradingCompleted(Message):
    """A marking round is complete.

    `counting` is the exam's rule of which sitting counts, `sitting` this one's number among the student's at this
    exam, and `counts` whether it counts of those that are marked so far; None in events from before there were rules.
    """

    round_number: int
    earned: Decimal
    points: Decimal
    percent: Decimal
    passed: bool
    items: tuple[ItemScore, ...]
    counting: Counting | None = None
    sitting: int | None = None
    counts: bool | None = None


class ManualReviewRequired(Message):
    """A person must decide."""

    review_id: UUID
    kind: str
    subject: str


class RuledIncident(Message):
    """What a person said of one incident, without the reason: that is free text."""

    incident_id: UUID
    ruling: str


class ReviewDecided(Message):
    """A person decided; `rulings` are an integrity review's, as far as incidents were ruled on one by one."""

    review_id: UUID
    kind: str
    subject: str
    outcome: str
    reviewer_id: UUID
    rulings: tuple[RuledIncident, ...] = ()


class AttemptChanged(Message):
    """One move of one machine."""

    machine: str
    source: str
    verb: str
    target: str
    actor: ActorRole
    reason: str = ""


PAYLOADS: dict[Topic, type[Message]] = {
    Topic.EXAM_SCHEDULED: ExamScheduled,
    Topic.EXAM_CANCELLED: ExamCancelled,
    Topic.MONITORING_STARTED: MonitoringStarted,
    Topic.MONITORING_STOPPED: MonitoringStopped,
    Topic.ANOMALY_DETECTED: AnomalyDetected,
    Topic.HIGH_RISK_ALERT: HighRiskAlert,
    Topic.EXAM_SUBMITTED: ExamSubmitted,
    Topic.GRADING_COMPLETED: GradingCompleted,
    Topic.MANUAL_REVIEW_REQUIRED: ManualReviewRequired,
    Topic.INCIDENT_CLOSED: IncidentClosed,
    Topic.REVIEW_DECIDED: ReviewDecided,
    Topic.ATTEMPT_CHANGED: AttemptChanged,
}
