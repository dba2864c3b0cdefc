"""What is asked and answered when staff search attempts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.reservations.shape import EXAM, SLOT
from schema.attempt import Phase
from schema.model import Message
from schema.outcome import Integrity, Marking, Release


class Wanted(BaseModel):
    """What a search narrows by; everything that is said must be true of an attempt."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200)] = Field(
        "",
        description="Words: parts of a name, an address, a student's number, an exam's title, or an id's beginning",
    )
    phase: list[Phase] = Field([], description="One or several")
    release: list[Release] = Field([], description="One or several")
    marking: list[Marking] = Field([], description="One or several")
    integrity: list[Integrity] = Field([], description="One or several")
    exam_id: UUID | None = Field(None, examples=[EXAM])
    slot_id: UUID | None = Field(None, examples=[SLOT])
    student_id: UUID | None = None
    starts_from: AwareDatetime | None = Field(None, description="Slots that begin then or later")
    starts_before: AwareDatetime | None = Field(None, description="Slots that begin before")
    is_on_hold: bool | None = None
    has_incidents: bool | None = Field(None, description="With or without incidents that are not technical")
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=300)] | None = Field(
        None, description="`next_cursor` of the page before"
    )


class FoundAttempt(Message):
    """An attempt in a list of found ones. Name, address and number are empty once the person is gone."""

    attempt_id: UUID
    student_id: UUID
    student_name: str
    student_email: str
    student_number: str
    exam_id: UUID
    exam_title: str
    slot_id: UUID
    starts_at: datetime
    phase: Phase
    marking: Marking
    integrity: Integrity
    release: Release
    risk: float
    is_on_hold: bool
    incidents: int = Field(description="Without technical ones")
    critical_incidents: int
    counts: bool | None = Field(
        None, description="Whether it is the sitting that counts; null before it is handed in"
    )
    sittings: int = Field(1, description="How many sittings the student has handed in at this exam")
    created_at: datetime
