"""What is answered about sittings."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from schema.attempt import Phase
from schema.model import Message
from schema.sitting.rule import Counting


class SittingEntry(Message):
    """An attempt at the exam."""

    attempt_id: UUID
    exam_version: int
    phase: Phase
    started_at: datetime | None
    submitted_at: datetime | None
    uses_one_up: bool
    counts: bool | None = Field(description="Null before it is handed in")


class FurtherEntry(Message):
    """A sitting that was given after `attempt_id`; the reason is for staff. The name is empty once a person is gone."""

    attempt_id: UUID
    reason: str
    given_by_name: str
    given_at: datetime


class SittingsView(Message):
    """One student's sittings of one exam, of all its versions, oldest first."""

    exam_id: UUID
    exam_title: str
    attempts_allowed: int = Field(description="Those given by people included")
    counting: Counting = Field(description="The exam's rule: which sitting counts")
    used: int
    left: int
    attempts: list[SittingEntry]
    further: list[FurtherEntry]


class GivenSitting(Message):
    """A further sitting that is given, or may be."""

    attempt_id: UUID
    has_seen_right_answers: bool = Field(
        description="Whether the student's result has shown right answers until now"
    )
