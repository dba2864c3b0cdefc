"""Answers and marks: what a student gave, what it earned and why."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from schema.model import Message
from schema.number.typed import Doubt, read_number


class ChoiceAnswer(Message):
    """The keys of the chosen options (one for single choice; empty means not answered)."""

    kind: Literal["choice"] = "choice"
    chosen: Annotated[tuple[str, ...], Field(max_length=30)]


class TruthAnswer(Message):
    """True or false."""

    kind: Literal["truth"] = "truth"
    value: bool


def _understood(value: object) -> object:
    """A text as the room's field understands it; what it does not understand is no answer."""
    if not isinstance(value, str):
        return value
    reading = read_number(value)
    if reading.doubt is Doubt.AMBIGUOUS:
        first, second = (format(choice, "f") for choice in reading.choices)
        raise PydanticCustomError(
            "number_ambiguous",
            "this may mean {first} or {second}; send the one that is meant",
            {"first": first, "second": second},
        )
    if reading.doubt is Doubt.TOO_LONG:
        raise PydanticCustomError("number_too_long", "this has more digits than are kept: 15 and 15 decimals")
    if reading.value is None:
        raise PydanticCustomError("number_unclear", "this is no number; send digits, as in 3.14")
    return reading.value


class NumberAnswer(Message):
    """A number; a text is read as schema/number/typed.py says: a lone point is a decimal point."""

    kind: Literal["number"] = "number"
    value: Annotated[Decimal, Field(max_digits=30, decimal_places=15), BeforeValidator(_understood)]


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
