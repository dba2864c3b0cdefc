"""Rows of `_reservations` from messages, and back."""

from datetime import datetime
from uuid import UUID

from schema.attempt import FINAL_PHASES, Phase
from schema.db.tables.reservations import AttemptMove, AttemptRow, SlotRow
from schema.exam import Slot
from schema.lifecycle import AttemptProjection, Step
from schema.outcome import Integrity, Marking, Release
from schema.publication import Subject
from schema.reservation import active_key_of
from schema.task import HoldSeat


def new_attempt_row(request: HoldSeat, now: datetime, number: int | None = None) -> AttemptRow:
    """The row of an attempt that holds a seat, or waits for one under this number."""
    attempt, holds = request.attempt, number is None
    return AttemptRow(
        attempt_id=attempt.attempt_id,
        organisation_id=attempt.organisation_id,
        exam_id=attempt.exam_id,
        exam_version=attempt.exam_version,
        student_id=attempt.student_id,
        cohort_id=attempt.cohort_id,
        slot_id=attempt.slot.slot_id,
        seat_slot_id=attempt.slot.slot_id if holds else None,
        waitlist_number=number,
        active_key=active_key_of(attempt.student_id, attempt.exam_id),
        seed=attempt.seed,
        phase=Phase.HELD.value if holds else Phase.WAITLISTED.value,
        marking=Marking.PENDING.value,
        integrity=Integrity.UNDETERMINED.value,
        release=Release.WITHHELD.value,
        version=0,
        hold_until=request.hold_until if holds else attempt.slot.starts_at,
        checks_done={"steps": [], "send_back_reason": ""},
        created_at=now,
        updated_at=now,
    )


def write_projection(row: AttemptRow, projection: AttemptProjection, now: datetime) -> None:
    """Bring the row to the projection's version."""
    view = projection.view
    row.phase, row.marking = view.phase.value, view.marking.value
    row.integrity, row.release = view.integrity.value, view.release.value
    row.slot_id, row.version, row.risk = view.slot_id, view.version, projection.risk
    row.hold_until, row.started_at = view.hold_until, projection.clock.started_at
    row.deadline_at, row.clock_version = view.deadline_at, view.clock_version
    row.submitted_at = view.submitted_at
    row.clock = projection.clock.model_dump(mode="json")
    row.after, row.released_at = projection.after.model_dump(mode="json"), projection.released_at
    row.coverage = projection.coverage.model_dump(mode="json") if projection.coverage else None
    row.given = view.given.model_dump(mode="json") if view.given else None
    row.checks_done = {
        "steps": [step.value for step in view.checks_done],
        "send_back_reason": view.send_back_reason,
    }
    row.student_is_back, row.may_resume = view.student_is_back, view.may_resume
    row.admission_escalated = projection.admission_escalated
    row.identity_photo, row.report_name = projection.identity_photo, projection.report_name
    row.updated_at = now
    if view.phase in FINAL_PHASES:
        row.active_key = None


def new_move_row(attempt_id: UUID, step: Step) -> AttemptMove:
    """One line of the decision log."""
    return AttemptMove(
        attempt_id=attempt_id,
        version=step.version,
        machine=step.machine,
        source=step.source,
        verb=step.verb,
        target=step.target,
        actor_role=step.actor.role.value,
        actor_id=step.actor.person_id,
        reason=step.reason,
        facts=step.facts or None,
        at=step.at,
    )


def subject_of(row: AttemptRow) -> Subject:
    """The attempt as its events name it."""
    return Subject(row.organisation_id, row.attempt_id, row.exam_id, row.student_id, row.cohort_id)


def slot_of(row: SlotRow) -> Slot:
    """The slot as the world knows it."""
    return Slot(
        slot_id=row.slot_id,
        exam_id=row.exam_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        seats=row.seats,
        seats_taken=row.seats_taken,
    )
