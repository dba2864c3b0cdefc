"""Human decisions that a workflow waits for: essay, integrity, appeal."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schema.exam import ReviewPolicy
from schema.grading import CriterionMark
from schema.machine import ActorRole
from schema.model import Message, State

Reason = Annotated[str, Field(min_length=1, max_length=4_000)]


class ReviewKind(StrEnum):
    """What is being decided."""

    ESSAY = "essay"
    INTEGRITY = "integrity"
    APPEAL = "appeal"


class IncidentRuling(StrEnum):
    """What a reviewer says of one incident."""

    NOT_AN_INCIDENT = "not_an_incident"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"


class IntegrityOutcome(StrEnum):
    """The overall decision."""

    CLEARED = "cleared"
    UPHELD = "upheld"


class AppealOutcome(StrEnum):
    """What an appeal leads to."""

    DISMISSED = "dismissed"
    REMARK = "remark"
    REINVESTIGATE = "reinvestigate"


class EssayVerdict(Message):
    """Points per criterion, with comments."""

    kind: Literal["essay"] = "essay"
    marks: Annotated[tuple[CriterionMark, ...], Field(min_length=1)]
    comment: str = ""


class IncidentVerdict(Message):
    """A ruling on one incident."""

    incident_id: UUID
    ruling: IncidentRuling
    reason: str = ""


class IntegrityVerdict(Message):
    """The rulings and the overall outcome with its reason."""

    kind: Literal["integrity"] = "integrity"
    outcome: IntegrityOutcome
    reason: Reason
    incidents: tuple[IncidentVerdict, ...] = ()


class AppealVerdict(Message):
    """What the appeal leads to, with its reason."""

    kind: Literal["appeal"] = "appeal"
    outcome: AppealOutcome
    reason: Reason


Verdict = Annotated[EssayVerdict | IntegrityVerdict | AppealVerdict, Field(discriminator="kind")]


class ReviewInput(Message):
    """What a ReviewWorkflow is started with: ids and rules, never the text under review.

    `excluded` are people who may not decide (the first reviewer, when a second one is needed).
    """

    review_id: UUID
    attempt_id: UUID
    exam_id: UUID
    organisation_id: UUID
    kind: ReviewKind
    subject: str  # the question id of an essay, `integrity:1`, `integrity:2`, `appeal:1`
    round_number: int = 1
    excluded: tuple[UUID, ...] = ()
    policy: ReviewPolicy = ReviewPolicy()


class Claim(Message):
    """Update `claim`: this person takes the review (an admin may hand it to another person)."""

    operation_id: str
    person_id: UUID
    role: ActorRole
    assignee_id: UUID


class GiveBack(Message):
    """Update `give_back`: whoever holds the review does not any more; it is free again for everybody else."""

    operation_id: str
    person_id: UUID


class Decide(Message):
    """Update `decide` and signal `complete_review`: one model for both."""

    operation_id: str
    person_id: UUID
    role: ActorRole
    verdict: Verdict


class ReviewStage(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"  # what was to be decided is no longer asked: the attempt was reopened


WAITING_STAGES = (ReviewStage.OPEN, ReviewStage.ASSIGNED)


class ReviewState(State):
    """A review as its workflow knows it and the read model shows it."""

    review: ReviewInput
    stage: ReviewStage = ReviewStage.OPEN
    opened_at: datetime
    remind_at: datetime
    escalate_at: datetime
    assignee_id: UUID | None = None
    reminded: bool = False
    escalated: bool = False
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    verdict: Verdict | None = None
    refused: tuple[str, ...] = ()  # invalid signals: recorded and ignored
    version: int = 0


class ReviewDecision(Message):
    """What a ReviewWorkflow returns."""

    review_id: UUID
    decided_by: UUID
    decided_at: datetime
    verdict: Verdict


ROLE_FOR: dict[ReviewKind, ActorRole] = {
    ReviewKind.ESSAY: ActorRole.GRADER,
    ReviewKind.INTEGRITY: ActorRole.REVIEWER,
    ReviewKind.APPEAL: ActorRole.REVIEWER,
}
