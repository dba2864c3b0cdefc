"""Answers and marks: what a student gave, what it earned and why."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schema.model import Message


class ChoiceAnswer(Message):
    """The keys of the chosen options (one for single choice; empty means not answered)."""

    kind: Literal["choice"] = "choice"
    chosen: Annotated[tuple[str, ...], Field(max_length=30)]


class TruthAnswer(Message):
    """True or false."""

    kind: Literal["truth"] = "truth"
    value: bool


class NumberAnswer(Message):
    """A number as it was typed; the decimal point is a point."""

    kind: Literal["number"] = "number"
    value: Annotated[Decimal, Field(max_digits=30, decimal_places=15)]


class TextAnswer(Message):
    """A text."""

    kind: Literal["text"] = "text"
    text: Annotated[str, Field(max_length=20_000)]


AnswerValue = Annotated[ChoiceAnswer | TruthAnswer | NumberAnswer | TextAnswer, Field(discriminator="kind")]


class AnswerStanding(StrEnum):
    """Whether an answer counts."""

    COUNTED = "counted"
    LATE = "late"  # arrived after the end: an admin may accept it


class Answer(Message):
    """One revision of one answer; revisions are ordered by (epoch, revision)."""

    attempt_id: UUID
    question_id: UUID
    epoch: int
    revision: int
    value: AnswerValue | None
    answered_at: datetime
    received_at: datetime
    standing: AnswerStanding = AnswerStanding.COUNTED


class ItemMark(Message):
    """What one question earned and why. `earned` is None while a grader is awaited."""

    question_id: UUID
    earned: Decimal | None
    points: Decimal
    explanation: str
    by: Literal["automatic", "grader"] = "automatic"


class CriterionMark(Message):
    """Points for one line of the rubric."""

    key: str
    earned: Annotated[Decimal, Field(ge=0)]
    comment: str = ""


class RoundResult(Message):
    """The total of a marking round."""

    attempt_id: UUID
    round_number: int
    earned: Decimal
    points: Decimal
    percent: Decimal
    passed: bool
