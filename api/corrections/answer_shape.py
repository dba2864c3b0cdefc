"""Shapes of the routes that save answers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from schema.grading import Answer, AnswerStanding, AnswerValue

LONGEST = 24 * 60 * 60
Count = Annotated[int, Field(ge=0, lt=2**31)]


class AnswerDraft(BaseModel):
    """One revision of an answer. Of two, the one with the higher (epoch, revision) counts."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "epoch": 1,
                    "revision": 7,
                    "value": {"kind": "choice", "chosen": ["3fa9c1d2"]},
                    "answered_at": "2026-11-22T09:12:31Z",
                    "seconds": 40,
                }
            ]
        },
    )

    epoch: Count = Field(description="From `POST …/answer-epoch`; a device that takes over has a higher one")
    revision: Count = Field(description="Counted up by the device with each change")
    value: AnswerValue | None = Field(description="null takes the answer back")
    answered_at: AwareDatetime = Field(
        description="When it was typed, as the device says; nothing is decided by it"
    )
    seconds: Annotated[int, Field(ge=0, le=LONGEST)] = Field(
        0, description="How long the question was open since the device's last answer"
    )


class BatchItem(AnswerDraft):
    """One of many, after an outage."""

    question_id: UUID


class Batch(BaseModel):
    """Answers that waited on the device; each is judged on its own."""

    model_config = ConfigDict(extra="forbid")

    answers: Annotated[list[BatchItem], Field(min_length=1, max_length=500)]


class Saved(BaseModel):
    """What is stored now; `late` is kept unmarked for an admin to accept."""

    question_id: UUID
    epoch: int
    revision: int
    standing: AnswerStanding
    received_at: datetime
    server_time: datetime
    deadline_at: datetime | None = None


class BatchResult(BaseModel):
    """`saved` is there when the answer is stored, `problem` when it is refused."""

    question_id: UUID
    status: int = Field(examples=[200, 202, 409])
    saved: Saved | None = None
    problem: dict[str, Any] | None = None


class StoredAnswer(BaseModel):
    """The newest revision of an answer, to go on from on another device."""

    question_id: UUID
    epoch: int
    revision: int
    value: AnswerValue | None
    answered_at: datetime
    standing: AnswerStanding


class Answers(BaseModel):
    """All answers of an attempt, late ones included and marked as such."""

    items: list[StoredAnswer]
    deadline_at: datetime | None
    server_time: datetime
    epoch: int = Field(
        description="Of the device that began last; a device with a lower one was taken over from"
    )


class Epoch(BaseModel):
    """The right of a device to answer after all earlier ones."""

    epoch: int
    server_time: datetime


def stored(answer: Answer) -> StoredAnswer:
    """For the list."""
    return StoredAnswer(**answer.model_dump(include=set(StoredAnswer.model_fields)))
