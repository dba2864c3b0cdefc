"""Shapes of reviews: what a person needs to decide, and never who the student is."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from schema.coverage.figure import WatchCoverage
from schema.db.tables.corrections import ReviewRow
from schema.incident import IncidentKind, Severity
from schema.outcome import Integrity, Marking, Release
from schema.review import ReviewKind, ReviewStage, ReviewState, Verdict

FIRST_LOOK = "integrity:1"
SECOND_LOOK = "integrity:2"  # the subject that an upheld inquiry's second review has (workflows/inquiry.py)


class ReviewItem(BaseModel):
    """A review in the queue. `attempt_id` is named where the decision needs it: not for essays."""

    review_id: UUID
    kind: ReviewKind
    stage: ReviewStage
    exam_id: UUID
    exam_title: str = ""
    round_number: int
    attempt_id: UUID | None
    candidate: str = Field("", description="Of an essay: who wrote it, by a number that says nothing else")
    opened_at: datetime
    remind_at: datetime
    escalate_at: datetime = Field(description="When the admins are told that it still waits")
    is_escalated: bool
    assignee_id: UUID | None
    assignee_name: str | None = Field(
        None, description="Who holds it, for colleagues; null where nobody does"
    )
    is_mine: bool
    is_second_look: bool = Field(False, description="Somebody upheld; a different person decides finally")
    needs_another_person: bool = Field(description="You decided on it before, so you may not decide again")


class CriterionView(BaseModel):
    """One line of the rubric."""

    key: str
    html: str
    points: Decimal


class EssayView(BaseModel):
    """What a grader reads: the question, the text as it was handed in, and the rubric."""

    question_id: UUID
    question_html: str
    answer: str
    points: Decimal
    rubric: list[CriterionView]


class IncidentBrief(BaseModel):
    """An incident to rule on; its frames are under /api/monitoring."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    started_at: datetime
    ended_at: datetime | None
    confidence: float
    rule: str
    late_seconds: float | None = Field(
        None,
        description="So long after its picture it was found, where that was too late for a proctor to act",
    )


class EarlierDecision(BaseModel):
    """What the first reviewer decided, for the second one."""

    decided_at: datetime
    outcome: str
    reason: str


class ReviewDetail(ReviewItem):
    """A review with what it is about; `verdict` once it is decided."""

    essay: EssayView | None = None
    incidents: list[IncidentBrief] | None = None
    coverage: WatchCoverage | None = Field(
        None, description="How much of the attempt was watched, and why not all of it"
    )
    leave_after: timedelta | None = Field(
        None, description="How long a condition must be gone to end its incident, by the exam's policy"
    )
    appeal: str | None = Field(
        None, description="What the student wrote, also where incidents are looked at again"
    )
    earlier: EarlierDecision | None = None
    decided_at: datetime | None = None
    verdict: Verdict | None = None


class ReviewCount(BaseModel):
    """How much waits, and how much is done."""

    free: int = Field(description="Nobody holds it, and you may take it")
    mine: int
    colleagues: int = Field(description="Somebody else holds it, or you decided on it before")
    decided: int
    next_due: datetime | None = Field(
        description="When the admins are told of the most urgent one that waits"
    )


class ReviewOnward(BaseModel):
    """What the workflows made of a decision: its own has closed, and where the attempt stands now."""

    stage: ReviewStage
    is_taken_up: bool = Field(description="The review's workflow has ended with the decision")
    decided_at: datetime | None
    still_waiting: int = Field(description="Other reviews of the attempt that wait for a decision")
    marking: Marking
    integrity: Integrity | None = Field(description="Null for essays")
    release: Release | None = Field(description="Null for essays")


class ClaimRequest(BaseModel):
    """Nobody named: the caller takes it. An admin may name somebody else."""

    model_config = ConfigDict(extra="forbid")

    assignee_id: UUID | None = None


class DecideRequest(BaseModel):
    """The decision: `essay` with points per criterion, `integrity`, or `appeal`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "verdict": {
                        "kind": "essay",
                        "marks": [
                            {"key": "answer", "earned": "3.5", "comment": "Clear, one step is missing."}
                        ],
                    }
                }
            ]
        },
    )

    verdict: Annotated[Verdict, Field(description="Must fit the review's kind")]


def item_of_row(row: ReviewRow, person_id: UUID, title: str = "", holder: str | None = None) -> ReviewItem:
    """From the read model; `title` is the exam's, `holder` the name of who holds it."""
    kind = ReviewKind(row.kind)
    return ReviewItem(
        review_id=row.review_id,
        kind=kind,
        stage=ReviewStage(row.stage),
        exam_id=row.exam_id,
        exam_title=title,
        round_number=row.round_number,
        attempt_id=None if kind is ReviewKind.ESSAY else row.attempt_id,
        opened_at=row.opened_at,
        remind_at=row.remind_at,
        escalate_at=row.escalate_at,
        is_escalated=row.escalated,
        assignee_id=row.assignee_id,
        assignee_name=holder,
        is_mine=row.assignee_id == person_id,
        is_second_look=row.subject == SECOND_LOOK,
        needs_another_person=str(person_id) in row.excluded,
    )


def item_of_state(state: ReviewState, person_id: UUID) -> ReviewItem:
    """From the workflow itself."""
    review = state.review
    return ReviewItem(
        review_id=review.review_id,
        kind=review.kind,
        stage=state.stage,
        exam_id=review.exam_id,
        round_number=review.round_number,
        attempt_id=None if review.kind is ReviewKind.ESSAY else review.attempt_id,
        opened_at=state.opened_at,
        remind_at=state.remind_at,
        escalate_at=state.escalate_at,
        is_escalated=state.escalated,
        assignee_id=state.assignee_id,
        is_mine=state.assignee_id == person_id,
        is_second_look=review.subject == SECOND_LOOK,
        needs_another_person=person_id in review.excluded,
    )
