"""Which events a fact tells, under which name: the same fact always gives the same events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from schema import events as e
from schema.analysis import ChangeKind, IncidentChange
from schema.attempt import Phase, Verb
from schema.exam import Slot
from schema.grading import ItemMark, RoundResult
from schema.lifecycle import Step
from schema.model import Message
from schema.review import EssayVerdict, IntegrityVerdict, ReviewState
from schema.sitting.counting import SittingPlace
from schema.task import GradingInput, MonitoringEnd, MonitoringInput, MonitoringStart, RaiseAlert, WatchTask

TOPIC_OF = {payload: topic for topic, payload in e.PAYLOADS.items()}
GIVEN_UP = frozenset({Phase.CANCELLED, Phase.EXPIRED, Phase.NO_SHOW, Phase.VOIDED})


@dataclass(frozen=True, slots=True)
class Subject:
    """The attempt that an event is about."""

    organisation_id: UUID
    attempt_id: UUID
    exam_id: UUID
    student_id: UUID
    cohort_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event to be published; `key` names it among the attempt's events of its topic."""

    key: str
    at: datetime
    data: Message

    @property
    def topic(self) -> e.Topic:
        """The topic that carries such data."""
        return TOPIC_OF[type(self.data)]

    @property
    def name(self) -> str:
        """What its id is derived from."""
        return f"{self.topic}/{self.key}"


def told_by_step(step: Step, slot: Slot) -> Iterator[Told]:
    """`attempt_changed` for every move, and the topic of its own that some moves have."""
    changed = e.AttemptChanged(
        machine=step.machine,
        source=step.source,
        verb=step.verb,
        target=step.target,
        actor=step.actor.role,
        reason=step.reason,
    )
    yield Told(_key_of(step), step.at, changed)
    if step.machine == "attempt":
        yield from _told_by_phase(step, slot)


def told_by_change(change: IncidentChange) -> Iterator[Told]:
    """`anomaly_detected` and `incident_closed`; an amended incident tells nothing."""
    it = change.incident
    facts = {
        "incident_id": it.incident_id,
        "kind": it.kind,
        "severity": it.severity,
        "confidence": it.confidence,
        "started_at": it.started_at,
    }
    if change.change is ChangeKind.OPENED:
        opened = e.AnomalyDetected.model_validate({**facts, "rule": it.rule, "model": it.model})
        yield Told(str(it.incident_id), it.started_at, opened)
    if change.change is ChangeKind.CLOSED and it.ended_at is not None:
        closed = e.IncidentClosed.model_validate({**facts, "ended_at": it.ended_at})
        yield Told(str(it.incident_id), it.ended_at, closed)


def told_by_start(start: MonitoringStart) -> Told:
    """`monitoring_started`, once per attempt."""
    about = start.monitoring
    data = e.MonitoringStarted(rules_version=about.rules_version, model_version=about.model_version)
    return Told("", start.at, data)


def told_by_end(end: MonitoringEnd) -> Told:
    """`monitoring_stopped`, once per attempt. Every accepted frame was analysed, or could not be read."""
    seen = end.result
    data = e.MonitoringStopped(
        frames_accepted=seen.frames,
        frames_analysed=seen.frames - seen.unreadable,
        frames_unreadable=seen.unreadable,
        risk=end.risk,
    )
    return Told("", end.at, data)


def told_by_alert(alert: RaiseAlert) -> Told:
    """`high_risk_alert`, once per incident."""
    incident = alert.incident
    data = e.HighRiskAlert(
        incident_id=incident.incident_id,
        kind=incident.kind,
        risk=alert.risk,
        severity=incident.severity,
        started_at=incident.started_at,
    )
    return Told(str(incident.incident_id), alert.raised_at, data)


@dataclass(frozen=True, slots=True)
class Score:
    """A question's mark and the seconds it took."""

    mark: ItemMark
    seconds: int


def told_by_round(
    result: RoundResult, scores: Iterable[Score], at: datetime, place: SittingPlace | None = None
) -> Told:
    """`grading_completed`, once per round; `place` is the attempt's among its student's sittings."""
    items = tuple(
        e.ItemScore(
            question_id=score.mark.question_id,
            earned=score.mark.earned or Decimal(0),
            points=score.mark.points,
            seconds=score.seconds,
        )
        for score in scores
    )
    data = e.GradingCompleted(
        round_number=result.round_number,
        earned=result.earned,
        points=result.points,
        percent=result.percent,
        passed=result.passed,
        items=items,
        counting=place.rule if place else None,
        sitting=place.number if place else None,
        counts=place.counts if place else None,
    )
    return Told(str(result.round_number), at, data)


def subject_of(about: GradingInput | MonitoringInput | WatchTask) -> Subject:
    """The attempt that is being marked or watched."""
    return Subject(about.organisation_id, about.attempt_id, about.exam_id, about.student_id, about.cohort_id)


def told_by_review(state: ReviewState, *, is_new: bool) -> Iterator[Told]:
    """`manual_review_required` when it is new, `review_decided` when somebody has decided."""
    review = state.review
    about = {"review_id": review.review_id, "kind": review.kind.value, "subject": review.subject}
    key = str(review.review_id)
    if is_new:
        yield Told(key, state.opened_at, e.ManualReviewRequired.model_validate(about))
    if state.decided_at is not None and state.decided_by is not None:
        facts = {**about, "outcome": outcome_of(state), "reviewer_id": state.decided_by}
        decided = e.ReviewDecided.model_validate({**facts, "rulings": rulings_of(state)})
        yield Told(key, state.decided_at, decided)


def rulings_of(state: ReviewState) -> tuple[e.RuledIncident, ...]:
    """What an integrity review said of each incident; reasons stay where they were written."""
    if not isinstance(state.verdict, IntegrityVerdict):
        return ()
    return tuple(
        e.RuledIncident(incident_id=one.incident_id, ruling=one.ruling) for one in state.verdict.incidents
    )


def outcome_of(state: ReviewState) -> str:
    """The decision in one word; empty while there is none."""
    if state.verdict is None:
        return ""
    return "marked" if isinstance(state.verdict, EssayVerdict) else state.verdict.outcome.value


def _key_of(step: Step) -> str:
    """After a restore of both stores the same version is another step; the lake must not take it for the lost one."""
    return f"{step.version}/{step.at.astimezone(UTC).isoformat()}"


def _told_by_phase(step: Step, slot: Slot) -> Iterator[Told]:
    key = _key_of(step)
    if step.verb in {Verb.CONFIRM, Verb.MOVE}:
        scheduled = e.ExamScheduled(slot_id=slot.slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
        yield Told(key, step.at, scheduled)
    if step.target in GIVEN_UP:
        yield Told(key, step.at, e.ExamCancelled(phase=step.target, reason=step.reason))
    if step.target == Phase.SUBMITTED:
        yield Told(key, step.at, e.ExamSubmitted(submitted_at=step.at, by=step.actor.role))
