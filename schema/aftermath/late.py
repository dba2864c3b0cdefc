"""Accepting answers that came after the end: the command to the attempt, and what is written."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from schema.lifecycle import Command
from schema.model import Message
from schema.review import Reason

Count = Annotated[int, Field(ge=0, lt=2**31)]
Within = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=30))]


class LateRevision(Message):
    """One late revision of an answer."""

    question_id: UUID
    epoch: Count
    revision: Count


class AcceptLate(Command):
    """Let late answers count: one revision, or all that came at most so long after the end."""

    revision: LateRevision | None = None
    within: Within | None = None
    reason: Reason

    @model_validator(mode="after")
    def _names_one_or_a_time(self) -> Self:
        if (self.revision is None) == (self.within is None):
            raise ValueError("name one revision, or say how long after the end an answer may have come")
        return self


class AcceptedLate(Message):
    """Write who accepted which late answers, when and why; what is accepted already stays as it is."""

    attempt_id: UUID
    revision: LateRevision | None = None
    within: timedelta | None = None
    by: UUID | None
    at: datetime
    reason: str
