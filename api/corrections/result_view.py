"""Shapes of a result: the total, each question with its reasons, and what was decided about incidents."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.paper import QuestionView
from schema.grading import AnswerValue
from schema.incident import IncidentKind, Severity
from schema.outcome import Integrity, Marking, Release
from schema.sitting.disclosure import Disclosure
from schema.sitting.rule import Counting


class CriterionResult(BaseModel):
    """Points for one line of the rubric, with the grader's remark."""

    text: str
    earned: Decimal
    points: Decimal
    comment: str


class ItemResult(BaseModel):
    """One question: what was answered, what it earned and why.

    `earned` is null while a grader is awaited, and for questions with a key while the student may sit again.
    """

    question: QuestionView
    answer: AnswerValue | None
    earned: Decimal | None
    points: Decimal
    explanation: str = Field(examples=["You chose “red”. Right: “yellow”."])
    feedback_html: list[str]
    criteria: list[CriterionResult]
    remark: str = Field(description="The grader's, on the whole answer")
    marked_by: Literal["automatic", "grader"]


class IncidentResult(BaseModel):
    """An incident and what was decided about it; `ruling` is empty where nobody had to rule."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    started_at: datetime
    ended_at: datetime | None
    ruling: str
    reason: str


class AppealResult(BaseModel):
    """An appeal and what became of it; `outcome` is empty while it is open."""

    text: str
    opened_at: datetime
    outcome: str
    reason: str
    decided_at: datetime | None


class RightAnswersView(BaseModel):
    """Whether right answers, feedback and rubrics are shown, and why not."""

    shown: Disclosure
    last_slot_ends_at: datetime | None = Field(
        None, description="Where they are shown after the last slot, and that is known"
    )


class ResultView(BaseModel):
    """The result of an attempt; the totals are null until its round is complete."""

    attempt_id: UUID
    exam_id: UUID
    exam_title: str
    release: Release
    marking: Marking
    integrity: Integrity
    round_number: int
    earned: Decimal | None
    points: Decimal
    percent: Decimal | None
    passed: bool | None
    completed_at: datetime | None
    counts: bool | None = Field(
        None, description="Whether it is the sitting that counts; null before it is handed in"
    )
    counting: Counting = Field(Counting.BEST, description="The exam's rule: which sitting counts")
    sittings: int = Field(1, description="How many sittings the student has handed in")
    items: list[ItemResult]
    incidents: list[IncidentResult]
    integrity_reason: str = Field(
        description="Why incidents were cleared or upheld; empty where nobody had to decide"
    )
    right_answers: RightAnswersView
    appeals: list[AppealResult]
    appeal_until: datetime | None = Field(description="Null where no appeal is possible now")
