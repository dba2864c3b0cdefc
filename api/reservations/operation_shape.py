"""What is asked of many attempts at once, and how each of them acknowledged it."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.paging import Page
from api.reservations.shape import EXAM, SLOT
from schema.cohort import Acknowledgement, CohortVerb
from schema.exam import CheckInStep
from schema.model import Message

MOST_NAMED = 2_000


class NewOperation(Message):
    """One act on many attempts of an exam: those named, or all of a slot or an exam to whom it can be done now.

    `extend` needs `by`; `send_back` needs `step` and `reason`; `accept_late` needs `by`, how long after the end an
    answer may have come, and `reason`; `reopen` may have `by`, else it gives the time that was left.
    All others but `admit`, `resume`, `submit` and `release` need `reason`.
    """

    verb: CohortVerb = Field(examples=["extend"])
    attempt_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_NAMED)] | None = None
    slot_id: UUID | None = Field(None, examples=[SLOT])
    exam_id: UUID | None = Field(None, examples=[EXAM])
    by: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=8))] | None = Field(
        None, examples=["PT5M"]
    )
    step: CheckInStep | None = None
    reason: Annotated[str, Field(max_length=4_000)] = Field("", examples=["The network of room 4 failed"])


class OperationView(Message):
    """An operation and how many have acknowledged it. `reason` is empty once it is no longer kept."""

    operation_id: UUID
    exam_id: UUID
    verb: CohortVerb
    by: timedelta | None
    step: CheckInStep | None
    reason: str
    asked_by: UUID | None
    created_at: datetime
    finished_at: datetime | None = Field(description="When the last one had been asked; null before")
    total: int
    waiting: int
    done: int
    refused: int
    unanswered: int


class AcknowledgementView(Message):
    """How one attempt answered; `type` and `why` tell of a refusal, or why less time was added (`cap`)."""

    attempt_id: UUID
    state: Acknowledgement
    type: str = Field(examples=["illegal_move"])
    why: str
    at: datetime | None


class OperationDetail(OperationView):
    """An operation with one page of its acknowledgements, in the order they are asked."""

    acknowledgements: Page[AcknowledgementView]
