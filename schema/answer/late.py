"""Accepting an answer that came after the end: the command to the attempt, and what is written."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schema.lifecycle import Command
from schema.model import Message
from schema.review import Reason

Count = Annotated[int, Field(ge=0, lt=2**31)]


class AcceptLate(Command):
    """Let a late answer count although marking has begun: a new round follows."""

    question_id: UUID
    epoch: Count
    revision: Count
    reason: Reason


class AcceptedLate(Message):
    """Write who accepted which late answer, when and why; the first time stays."""

    attempt_id: UUID
    question_id: UUID
    epoch: int
    revision: int
    by: UUID | None
    at: datetime
    reason: str
