"""Who may take and decide a review, and what that does to it: pure rules that raise Failure with the reason."""

from datetime import datetime
from uuid import UUID

from schema.failures import Failure, FailureType
from schema.machine import ActorRole
from schema.review import (
    ROLE_FOR,
    Claim,
    Decide,
    GiveBack,
    ReviewDecision,
    ReviewInput,
    ReviewStage,
    ReviewState,
)
from schema.said import people


def open_review(review: ReviewInput, now: datetime) -> ReviewState:
    """A review that waits for somebody."""
    return ReviewState(
        review=review,
        opened_at=now,
        remind_at=now + review.policy.remind_after,
        escalate_at=now + review.policy.escalate_after,
        version=1,
    )


def claim(state: ReviewState, command: Claim) -> None:
    """Give the review to a person. Raises ILLEGAL_MOVE, FORBIDDEN; taking what one has already changes nothing."""
    if state.assignee_id == command.assignee_id and state.stage is ReviewStage.ASSIGNED:
        return
    _check_open(state)
    if command.role is not ActorRole.ADMIN:
        _check_role(state, command.role)
        _check_own(state, command)
    _check_not_excluded(state, command.assignee_id)
    state.assignee_id, state.stage = command.assignee_id, ReviewStage.ASSIGNED
    state.version += 1


def give_back(state: ReviewState, command: GiveBack) -> None:
    """Put it back into the queue; its deadlines stay. Raises ILLEGAL_MOVE, FORBIDDEN for all but the holder."""
    _check_open(state)
    if state.assignee_id is None:
        raise Failure(
            FailureType.ILLEGAL_MOVE, "this review is held by nobody; there is nothing to give back"
        )
    if state.assignee_id != command.person_id:
        raise Failure(
            FailureType.FORBIDDEN, "this review is held by somebody else; only they can give it back"
        )
    state.assignee_id, state.stage = None, ReviewStage.OPEN
    state.version += 1


def decide(state: ReviewState, command: Decide, now: datetime) -> None:
    """Decide it. Raises ILLEGAL_MOVE, FORBIDDEN, INVALID; the same decision again changes nothing."""
    if state.decided_by == command.person_id and state.verdict == command.verdict:
        return
    _check_open(state)
    _check_role(state, command.role)
    _check_not_excluded(state, command.person_id)
    if state.assignee_id not in {None, command.person_id}:
        raise Failure(FailureType.FORBIDDEN, "this review is assigned to somebody else; ask an admin for it")
    kind = state.review.kind
    if command.verdict.kind != kind:
        raise Failure(
            FailureType.INVALID, f"this review is about {kind}, the verdict about {command.verdict.kind}"
        )
    state.decided_by, state.decided_at, state.verdict = command.person_id, now, command.verdict
    state.assignee_id, state.stage = command.person_id, ReviewStage.DECIDED
    state.version += 1


def refuse(state: ReviewState, why: str) -> None:
    """Record an invalid signal; nothing else changes."""
    state.refused = (*state.refused, why)
    state.version += 1


def knows_better(written: ReviewState, told: ReviewState) -> bool:
    """Whether what is written is newer than what a run tells, or goes on from another past under the same version."""
    return written.version > told.version or (written.version == told.version and written != told)


def decision_of(state: ReviewState) -> ReviewDecision:
    """What was decided. Raises ILLEGAL_MOVE while nothing is."""
    if state.verdict is None or state.decided_by is None or state.decided_at is None:
        raise Failure(FailureType.ILLEGAL_MOVE, "nothing is decided about this review yet")
    return ReviewDecision(
        review_id=state.review.review_id,
        decided_by=state.decided_by,
        decided_at=state.decided_at,
        verdict=state.verdict,
    )


def _check_open(state: ReviewState) -> None:
    if state.stage is ReviewStage.DECIDED:
        raise Failure(FailureType.ILLEGAL_MOVE, "this review is decided already")
    if state.stage is ReviewStage.WITHDRAWN:
        raise Failure(FailureType.ILLEGAL_MOVE, "this review is not asked any more: the attempt was reopened")


def _check_role(state: ReviewState, role: ActorRole) -> None:
    wanted = ROLE_FOR[state.review.kind]
    if role is not wanted:
        raise Failure(FailureType.FORBIDDEN, f"this review is for {people([wanted])} only")


def _check_own(state: ReviewState, command: Claim) -> None:
    if command.assignee_id != command.person_id:
        raise Failure(FailureType.FORBIDDEN, "this review can be handed to others by an admin only")
    if state.assignee_id is not None:
        raise Failure(FailureType.FORBIDDEN, "this review is assigned to somebody else; ask an admin for it")


def _check_not_excluded(state: ReviewState, person_id: UUID) -> None:
    if person_id in state.review.excluded:
        raise Failure(
            FailureType.FORBIDDEN,
            "this review needs a different person: you have already decided on it",
        )
