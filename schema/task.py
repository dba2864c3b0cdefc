"""What activities are asked and what they answer: ids, rules and references, never pixels or names."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from schema.exam import RetentionPolicy
from schema.grading import RoundResult
from schema.incident import DetectionPolicy, IncidentSignal, Severity
from schema.lifecycle import AttemptInput, SlotWindow
from schema.model import Message
from schema.review import ReviewDecision
from schema.risk import RiskPolicy


class HoldSeat(Message):
    """Take a seat and create the attempt's row: one conditional write in one transaction."""

    attempt: AttemptInput
    hold_until: datetime


class MoveSeat(Message):
    """Take a seat in `to` and give back the one held, in one transaction; the same move again is one."""

    attempt_id: UUID
    to: SlotWindow


class ReleaseSeat(Message):
    """Give the seat back and end the attempt's claim on its exam; doing it again changes nothing."""

    attempt_id: UUID


class SeatReleased(Message):
    """Who got the freed seat, if somebody was waiting."""

    promoted_attempt_id: UUID | None = None


class OpenFeed(Message):
    """Let the attempt's browser stream."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    interval: timedelta


class CloseFeed(Message):
    """Take no more records of this attempt."""

    attempt_id: UUID


class MonitoringInput(Message):
    """What a MonitoringWorkflow is started with.

    `detector_wait` is how long an attempt may wait for a detector before people are told that nobody watches.
    """

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    cohort_id: UUID | None
    detection: DetectionPolicy
    risk: RiskPolicy
    interval: timedelta
    rules_version: str
    model_version: str
    detector_wait: timedelta = timedelta(seconds=30)


class WatchTask(Message):
    """Follow the attempt's records until they end."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    cohort_id: UUID | None
    detection: DetectionPolicy
    rules_version: str
    model_version: str


class WatchResult(Message):
    """All accepted frames are accounted for: analysed, or unreadable."""

    frames: int
    unreadable: int
    final_offset: int


class RaiseAlert(Message):
    """Tell the proctors, once per incident; and publish `high_risk_alert`."""

    monitoring: MonitoringInput
    incident: IncidentSignal
    risk: float
    raised_at: datetime


class AlertRaised(Message):
    """Signal `alert_raised` to the attempt: what its proctors were just told."""

    incident: IncidentSignal
    risk: float


class MonitoringStart(Message):
    """Publish `monitoring_started`."""

    monitoring: MonitoringInput
    at: datetime


class MonitoringEnd(Message):
    """Publish `monitoring_stopped`."""

    monitoring: MonitoringInput
    result: WatchResult
    risk: float
    at: datetime


class MonitoringResult(Message):
    """What a MonitoringWorkflow returns."""

    incidents: tuple[IncidentSignal, ...]
    risk: float
    frames: int
    unreadable: int


class DetectorDown(Message):
    """Record the technical incident `detector_down`: nobody was watching from `since`."""

    monitoring: MonitoringInput
    since: datetime
    until: datetime | None = None


class GradingInput(Message):
    """What a GradingWorkflow is started with."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    exam_version: int
    student_id: UUID
    cohort_id: UUID | None
    round_number: int
    pass_mark: Decimal
    remind_after: timedelta
    escalate_after: timedelta


class AutomaticMarking(Message):
    """What automatic marking left to people: the essay questions that were answered."""

    manual: tuple[UUID, ...]


class EssayMarked(Message):
    """Write a grader's marks into the round."""

    grading: GradingInput
    question_id: UUID
    decision: ReviewDecision


class CompleteRound(Message):
    """Add up a round whose items are all marked, and publish `grading_completed`."""

    grading: GradingInput
    at: datetime


class GradingResult(Message):
    """What a GradingWorkflow returns."""

    result: RoundResult
    graders: tuple[UUID, ...] = ()


class RulingsDecided(Message):
    """Write a reviewer's rulings onto the incidents."""

    attempt_id: UUID
    decision: ReviewDecision


class Occasion(StrEnum):
    """Why people are told something; each has a mail template and a notification."""

    CONFIRM_ADDRESS = "confirm_address"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - an occasion, not a secret
    RESERVED = "reserved"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    NO_SHOW = "no_show"
    SENT_BACK = "sent_back"
    ADMISSION_OVERDUE = "admission_overdue"
    TERMINATED = "terminated"
    REACTIVATED = "reactivated"
    VOIDED = "voided"
    SUBMITTED = "submitted"
    RELEASED = "released"
    APPEAL_SETTLED = "appeal_settled"
    REVIEW_ASSIGNED = "review_assigned"
    REVIEW_WAITING = "review_waiting"
    REVIEW_REMINDER = "review_reminder"
    REVIEW_ESCALATED = "review_escalated"
    HIGH_RISK = "high_risk"
    DETECTOR_DOWN = "detector_down"
    TIME_CHANGED = "time_changed"  # extended, paused, resumed: a notification on the screen, no mail
    ADMITTED = "admitted"


class Audience(StrEnum):
    """Groups that are told something."""

    STUDENT = "student"
    PROCTORS = "proctors"
    GRADERS = "graders"
    REVIEWERS = "reviewers"
    ADMINS = "admins"
    PERSON = "person"


class Notify(Message):
    """Tell somebody something once. `key` names the occasion within the attempt (`reminder:3600`).

    `facts` are ids, times (ISO 8601, UTC), numbers and words for the template; names and addresses are
    looked up when the mail is written. `person_id` is set for STUDENT and PERSON.
    """

    occasion: Occasion
    key: str
    audience: Audience
    attempt_id: UUID | None
    exam_id: UUID | None = None
    person_id: UUID | None = None
    excluded: tuple[UUID, ...] = ()
    facts: dict[str, str] = {}
    at: datetime


class WriteReport(Message):
    """Write the attempt's PDF report and its CSV of results into the lake.

    `finished_at` decides the archive's month: pass the same instant as `ended_at` to RetentionInput,
    ExportHistories, DeleteData and WriteReceipt, so that all stand beside the report.
    """

    attempt_id: UUID
    exam_id: UUID
    exam_version: int
    student_id: UUID
    phase: str
    round_number: int
    finished_at: datetime


class ReportWritten(Message):
    """The objects that were written."""

    report_name: str
    results_name: str = ""
    anomalies_name: str = ""


class RetentionInput(Message):
    """What a RetentionWorkflow is started with."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    policy: RetentionPolicy
    ended_at: datetime
    workflow_ids: tuple[str, ...]  # whose histories are kept, every run


class ExportHistories(Message):
    """Write the histories of closed workflows beside the report; one still open makes it try again."""

    attempt_id: UUID
    workflow_ids: tuple[str, ...]
    ended_at: datetime


class HistoriesExported(Message):
    """Names of the written objects."""

    names: tuple[str, ...]


class DataClass(StrEnum):
    """Classes of data with their own time of keeping."""

    MEDIA = "media"  # frames, evidence pictures, identity photos
    FEATURES = "features"  # incidents' boxes, engine states, detections
    DECISION_LOG = "decision_log"  # moves, reviews, answers, reports, histories


class DeleteData(Message):
    """Delete one class of an attempt's data and verify that it is gone."""

    attempt_id: UUID
    data_class: DataClass
    ended_at: datetime | None = None  # of RetentionInput: says where the archive stands


class DataDeleted(Message):
    """What was deleted, counted after verification."""

    data_class: DataClass
    rows: int
    objects: int


class WriteReceipt(Message):
    """Write the receipt of a deletion into the archive."""

    attempt_id: UUID
    deleted: tuple[DataDeleted, ...]
    at: datetime
    ended_at: datetime | None = None  # of RetentionInput: says where the archive stands


SCORED_SEVERITIES = frozenset(Severity) - {Severity.TECHNICAL}
