"""What activities are asked and what they answer: ids, rules and references, never pixels or names."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from schema.attempt import Phase
from schema.grading import RoundResult
from schema.incident import DetectionPolicy, IncidentSignal
from schema.lifecycle import AttemptInput, SlotWindow
from schema.model import Message
from schema.registry.card import FrozenModel
from schema.review import ReviewDecision
from schema.risk import RiskPolicy
from schema.sitting.rule import Counting


class HoldSeat(Message):
    """Take a seat and create the attempt's row: one conditional write in one transaction.

    Where the slot is full and the attempt may wait, it gets the slot's next number instead of a seat.
    """

    attempt: AttemptInput
    hold_until: datetime


class SeatHeld(Message):
    """What reserving began with: a seat (`held`) or a place on the waiting list (`waitlisted`)."""

    phase: Phase


class MoveSeat(Message):
    """Take a seat in `to` and give back the one held, in one transaction; the same move again is one."""

    attempt_id: UUID
    to: SlotWindow


class ReleaseSeat(Message):
    """Give the seat back and end the attempt's claim on its exam; doing it again changes nothing."""

    attempt_id: UUID


class SeatReleased(Message):
    """Who got the freed seat, if somebody was waiting; that attempt is to be told by signal `seat_assigned`."""

    promoted_attempt_id: UUID | None = None


class OpenFeed(Message):
    """Let the attempt's browser stream."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    interval: timedelta
    screen_interval: timedelta | None = None  # None: the screen is not asked for


class CloseFeed(Message):
    """Take no more records of this attempt."""

    attempt_id: UUID


class MonitoringInput(Message):
    """What a MonitoringWorkflow is started with.

    `detector_wait` is how long an attempt may wait for a detector before people are told that nobody watches.
    `keeps_recording` exports the frames as a video once all are accounted for.
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
    models: tuple[FrozenModel, ...] = ()
    identity_photo: str = ""
    detector_wait: timedelta = timedelta(seconds=30)
    keeps_recording: bool = False


class WatchTask(Message):
    """Follow the attempt's records until they end, with the models it was frozen to; none: the node's own.

    `identity_photo` names the photo of check-in, where the exam compares faces with it.
    """

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    cohort_id: UUID | None
    detection: DetectionPolicy
    rules_version: str
    model_version: str
    models: tuple[FrozenModel, ...] = ()
    identity_photo: str = ""


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


class MonitoringKnown(Message):
    """The incidents that earlier watching of the attempt found; none where it begins for the first time."""

    incidents: tuple[IncidentSignal, ...] = ()


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
    """What a GradingWorkflow is started with.

    `carries_over` keeps what a grader gave in the round before for an answer that has not changed.
    `counting` is the exam's rule of which sitting counts, None in messages of before there was one.
    """

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
    carries_over: bool = False
    counting: Counting | None = None


class AutomaticMarking(Message):
    """What automatic marking left to people: the essay questions that were answered.

    `round_number` is 0 from before 2026-12.
    """

    manual: tuple[UUID, ...]
    round_number: int = 0


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
