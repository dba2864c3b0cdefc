"""Messages for the contract suites, each with only what a test says about it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from schema.analysis import Analysis, ChangeKind, IncidentChange
from schema.attempt import Phase, Verb
from schema.clock import ExamClock
from schema.exam import Exam, ExamPolicy, Slot
from schema.grading import Answer, ItemMark, TextAnswer
from schema.ids import DEFAULT_ORGANISATION, incident_id_for, new_id
from schema.incident import (
    SEVERITY,
    DetectionPolicy,
    Evidence,
    EvidenceMoment,
    Incident,
    IncidentKind,
)
from schema.lifecycle import (
    Actor,
    AttemptInput,
    AttemptProjection,
    AttemptView,
    SlotWindow,
    Step,
    WindowProjection,
)
from schema.machine import ActorRole
from schema.outcome import Integrity, Marking, Release
from schema.risk import RiskPolicy
from schema.task import GradingInput, HoldSeat, MonitoringInput, WatchTask

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
COHORT = new_id()


def a_slot(seats: int = 1, exam_id: UUID | None = None) -> Slot:
    return Slot(
        slot_id=new_id(),
        exam_id=exam_id or new_id(),
        starts_at=NOON + HOUR,
        ends_at=NOON + 3 * HOUR,
        seats=seats,
    )


def window_of(slot: Slot) -> SlotWindow:
    return SlotWindow(slot_id=slot.slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at)


def a_hold(slot: Slot, student_id: UUID | None = None, *, may_wait: bool = False) -> HoldSeat:
    attempt = AttemptInput(
        attempt_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=slot.exam_id,
        exam_version=1,
        student_id=student_id or new_id(),
        cohort_id=COHORT,
        slot=window_of(slot),
        policy=ExamPolicy(),
        seed=7,
        rules_version="rules-1",
        model_version="model-1",
        may_wait=may_wait,
    )
    return HoldSeat(attempt=attempt, hold_until=NOON + attempt.policy.hold)


def a_step(version: int, verb: Verb, target: Phase, source: Phase = Phase.HELD, reason: str = "") -> Step:
    return Step(
        version=version,
        machine="attempt",
        source=source,
        verb=verb,
        target=target,
        actor=Actor(role=ActorRole.STUDENT),
        reason=reason,
        at=NOON + version * SECOND,
    )


def a_projection(
    hold: HoldSeat, *steps: Step, slot_id: UUID | None = None, risk: float = 0
) -> AttemptProjection:
    attempt, last = hold.attempt, steps[-1]
    view = AttemptView(
        attempt_id=attempt.attempt_id,
        exam_id=attempt.exam_id,
        student_id=attempt.student_id,
        slot_id=slot_id or attempt.slot.slot_id,
        phase=Phase(last.target),
        marking=Marking.PENDING,
        integrity=Integrity.UNDETERMINED,
        release=Release.WITHHELD,
        version=last.version,
        hold_until=hold.hold_until,
        deadline_at=None,
        clock_version=0,
        checks_done=(),
        send_back_reason="",
        student_is_back=False,
        may_resume=False,
        submitted_at=None,
    )
    return AttemptProjection(
        view=view,
        organisation_id=attempt.organisation_id,
        cohort_id=attempt.cohort_id,
        clock=ExamClock(allowed=HOUR),
        risk=risk,
        steps=steps,
    )


def an_exam(exam_id: UUID | None = None) -> Exam:
    return Exam(
        exam_id=exam_id or new_id(), organisation_id=DEFAULT_ORGANISATION, author_id=new_id(), title="Algebra"
    )


def a_window(attempt_id: UUID, version: int = 1, **changes: object) -> WindowProjection:
    """Open since noon, until one o'clock."""
    facts: dict[str, object] = {
        "attempt_id": attempt_id,
        "exam_id": new_id(),
        "student_id": new_id(),
        "organisation_id": DEFAULT_ORGANISATION,
        "cohort_id": COHORT,
        "version": version,
        "is_open": True,
        "started_at": NOON,
        "deadline_at": NOON + HOUR,
        "stopped_at": None,
        "clock_version": 1,
    }
    return WindowProjection.model_validate({**facts, **changes})


def an_answer(
    attempt_id: UUID,
    at: datetime = NOON + SECOND,
    *,
    received_at: datetime | None = None,
    question_id: UUID | None = None,
    epoch: int = 1,
    revision: int = 1,
    text: str = "42",
) -> Answer:
    return Answer(
        attempt_id=attempt_id,
        question_id=question_id or new_id(),
        epoch=epoch,
        revision=revision,
        value=TextAnswer(text=text),
        answered_at=at,
        received_at=received_at or at,
    )


def a_grading(attempt_id: UUID, round_number: int = 1) -> GradingInput:
    return GradingInput(
        attempt_id=attempt_id,
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        exam_version=1,
        student_id=new_id(),
        cohort_id=COHORT,
        round_number=round_number,
        pass_mark=Decimal(50),
        remind_after=HOUR,
        escalate_after=HOUR,
    )


def a_mark(question_id: UUID, earned: str | None, points: str = "2") -> ItemMark:
    return ItemMark(
        question_id=question_id,
        earned=None if earned is None else Decimal(earned),
        points=Decimal(points),
        explanation="because",
        by="grader" if earned is None else "automatic",
    )


def a_watch(attempt_id: UUID) -> WatchTask:
    return WatchTask(
        attempt_id=attempt_id,
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        student_id=new_id(),
        cohort_id=COHORT,
        detection=DetectionPolicy(),
        rules_version="rules-1",
        model_version="model-1",
    )


def a_monitoring(attempt_id: UUID) -> MonitoringInput:
    watch = a_watch(attempt_id)
    return MonitoringInput(
        **dict(watch),
        risk=RiskPolicy(),
        interval=SECOND,
    )


def an_incident(
    attempt_id: UUID,
    kind: IncidentKind = IncidentKind.FACE_ABSENT,
    *,
    offset: int = 10,
    ended_at: datetime | None = None,
    shots: tuple[EvidenceMoment, ...] = (EvidenceMoment.AT,),
) -> Incident:
    return Incident(
        incident_id=incident_id_for(attempt_id, kind, offset),
        kind=kind,
        severity=SEVERITY[kind],
        opening_offset=offset,
        started_at=NOON + offset * SECOND,
        ended_at=ended_at,
        confidence=0.75,
        rule="no face for more than 5 s",
        model="model-1",
        evidence=tuple(
            Evidence(moment, offset + number, NOON + offset * SECOND, (("face", 0.1, 0.2, 0.3, 0.4, 0.9),))
            for number, moment in enumerate(shots)
        ),
    )


def an_analysis(offset: int, *changes: tuple[ChangeKind, Incident], frames: int = 5) -> Analysis:
    made = tuple(IncidentChange(kind, incident) for kind, incident in changes)
    return Analysis(state=b"{}", offset=offset, changes=made, frames=frames, unreadable=1)
