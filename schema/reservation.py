"""What a reservation begins with: the key that allows one active attempt, and the first move."""

from datetime import datetime
from uuid import UUID

from schema.attempt import Phase
from schema.exam import ExamPolicy
from schema.failures import Failure, FailureType
from schema.lifecycle import Actor, Step
from schema.machine import ActorRole
from schema.task import HoldSeat


def active_key_of(student_id: UUID, exam_id: UUID) -> str:
    """One active attempt per student and exam."""
    return f"{student_id}:{exam_id}"


def bookable_until(starts_at: datetime, ends_at: datetime, policy: ExamPolicy) -> datetime:
    """From then on whoever reserved a seat in the slot would be a no-show."""
    return min(ends_at, starts_at + policy.no_show_after)


def asked_at(request: HoldSeat) -> datetime:
    """When the student asked, by the clock of the attempt's workflow."""
    return request.hold_until - request.attempt.policy.hold


def first_step(request: HoldSeat, phase: Phase) -> Step:
    """The move from nothing to HELD or WAITLISTED; version 0, because the workflow's own moves count from 1."""
    attempt = request.attempt
    return Step(
        version=0,
        machine="attempt",
        source="",
        verb="reserve" if phase is Phase.HELD else "join_waiting_list",
        target=phase,
        actor=Actor(role=ActorRole.STUDENT, person_id=attempt.student_id),
        at=asked_at(request),
    )


def too_few_seats(taken: int) -> Failure:
    """A slot cannot have fewer seats than are taken: nobody loses theirs."""
    message = f"{taken} seats are taken; choose at least as many"
    return Failure(FailureType.INVALID, message, field="/seats")
