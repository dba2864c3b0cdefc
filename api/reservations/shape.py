"""What is asked and answered about slots and attempts."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from schema.aftermath.late import Within
from schema.aftermath.state import ReopenAsked
from schema.attempt import Phase
from schema.exam import CheckInStep
from schema.given.time import TimeGiven
from schema.lifecycle import AttemptView
from schema.machine import ActorRole
from schema.model import Message
from schema.outcome import Integrity, Marking, Release
from schema.review import Reason

SLOT = "01900000-0000-7000-8000-000000000077"
EXAM = "01900000-0000-7000-8000-000000000042"
MISSING = (
    "How much of the caller's time, extra time included, the slot's end takes; null where all of it fits"
)
PLACE = "Place on the waiting list, 1 gets the next seat; null for who does not wait"


Seats = Annotated[int, Field(ge=1, le=100_000, examples=[50])]


class NewSlot(Message):
    """A time window with seats for one exam."""

    exam_id: UUID = Field(examples=[EXAM])
    starts_at: AwareDatetime = Field(examples=["2027-01-11T09:00:00Z"])
    ends_at: AwareDatetime = Field(examples=["2027-01-11T11:00:00Z"])
    seats: Seats

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self


class SeatCount(Message):
    """How many seats a slot has."""

    seats: Seats


class SlotView(Message):
    """A time window with the seats that are left."""

    slot_id: UUID
    exam_id: UUID
    exam_title: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    free_seats: int
    waiting: int = Field(description="How many are on the waiting list")
    bookable_until: datetime = Field(description="From then on it cannot be booked any more")
    is_bookable: bool = Field(description="Whether it can be booked now, full or not")
    ends_with_slot: bool = Field(False, description="The exam's time ends with the slot at the latest")
    missing_time: timedelta | None = Field(None, description=MISSING)


class NewAttempt(Message):
    """Reserve a seat; the answer says until when it is held."""

    exam_id: UUID = Field(examples=[EXAM])
    slot_id: UUID = Field(examples=[SLOT])
    join_waiting_list: bool = Field(False, description="Where the slot is full, wait for a seat in it")


class ReservedAttempt(AttemptView):
    """An attempt as it begins: `held` until `hold_until`, or `waitlisted` until its slot begins."""

    waiting_place: int | None = Field(None, description=PLACE)
    missing_time: timedelta | None = Field(None, description=MISSING)


class AttemptDetail(Message):
    """An attempt as the read model knows it. `risk`, `report_name` and `is_on_hold` are for staff (else null)."""

    attempt_id: UUID
    exam_id: UUID
    exam_version: int
    student_id: UUID
    slot_id: UUID
    phase: Phase
    marking: Marking
    integrity: Integrity
    release: Release
    version: int
    hold_until: datetime
    started_at: datetime | None
    deadline_at: datetime | None
    clock_version: int
    submitted_at: datetime | None
    checks_done: list[CheckInStep]
    send_back_reason: str
    student_is_back: bool
    may_resume: bool
    created_at: datetime
    updated_at: datetime
    waiting_place: int | None = Field(None, description=PLACE)
    admission_escalated: bool | None = None
    risk: float | None = None
    report_name: str | None = None
    is_on_hold: bool | None = None
    counts: bool | None = Field(
        None, description="Whether it is the sitting that counts; null before it is handed in"
    )
    sittings: int = Field(1, description="How many sittings the student has handed in at this exam")
    cap_at: datetime | None = Field(None, description="The slot's end, where this exam ends with its slot")
    pause_slack: timedelta | None = Field(
        None, description="Under a cap: how long a pause may last in all before it costs the student time"
    )
    given: TimeGiven | None = Field(None, description="The last time that was given, and why less than asked")
    reopen_asked: ReopenAsked | None = Field(None, description="An admin asked; a second one has to agree")
    possible: list[str] = Field(
        description="The commands that the API would take from the caller now", examples=[["extend", "pause"]]
    )
    live: AttemptView | None = Field(None, description="What the workflow itself says, when asked for")


class MoveView(Message):
    """One move of one machine: the decision log. `actor_id` is for staff (else null)."""

    version: int
    machine: str
    source: str
    verb: str
    target: str
    actor_role: ActorRole
    actor_id: UUID | None
    reason: str
    facts: dict[str, str] | None = Field(
        None, description="What else is known of it: `seconds` given of `asked_seconds`, the `step` to repeat"
    )
    at: datetime


class TimelineEntry(Message):
    """One event as it was relayed."""

    event_id: UUID
    topic: str
    source: str
    sequence: int
    occurred_at: datetime
    data: dict[str, Any]


class Nothing(Message):
    """No further input is needed."""


class Because(Message):
    """Why; the student and the decision log see it."""

    reason: Reason = Field(examples=["The camera showed somebody else"])


class MaybeBecause(Message):
    """Why, if there is something to say."""

    reason: Annotated[str, Field(max_length=4_000)] = ""


class OtherSlot(Message):
    """The slot to move to, of the same exam."""

    slot_id: UUID = Field(examples=[SLOT])


class StepDone(Message):
    """A check-in step that is done; the identity photo has a route of its own."""

    step: CheckInStep = Field(examples=["browser"])


class StepAgain(Message):
    """The step to do again, and why."""

    step: CheckInStep = Field(examples=["identity_photo"])
    reason: Reason = Field(examples=["The photo is too dark"])


class MoreTime(Message):
    """How much time is given."""

    by: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=8))] = Field(examples=["PT2M"])
    reason: Annotated[str, Field(max_length=4_000)] = ""


class AcceptedWithin(Message):
    """All late answers that came at most so long after the end, and why they count."""

    within: Within = Field(examples=["PT2M"])
    reason: Reason = Field(examples=["The network of room 4 failed"])


class Again(Message):
    """How much time is given, where it is not the time that was left, and why."""

    time: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=24))] | None = Field(
        None, examples=["PT10M"]
    )
    reason: Reason = Field(examples=["Handed in by mistake"])


class Objection(Message):
    """What the student objects to."""

    text: Annotated[str, Field(min_length=10, max_length=20_000)] = Field(
        examples=["Question 3 accepts two answers."]
    )
