"""What is asked and answered about holds."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schema.model import Message
from schema.review import Reason

MOST_HELD = 200


class HoldView(Message):
    """Whether deletion is blocked."""

    attempt_id: UUID
    is_on_hold: bool


class HeldView(Message):
    """Whether deletion of several is blocked now, in the order they were named."""

    attempts: list[HoldView]


class HoldSeveral(Message):
    """Which attempts, and why."""

    attempt_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_HELD)]
    reason: Reason = Field(examples=["A claim is at the court"])


class HoldEntry(Message):
    """A hold with the names of those who set and ended it; a name is empty once its person is gone."""

    hold_id: UUID
    reason: str
    set_by: UUID | None
    set_by_name: str
    set_at: datetime
    released_by_name: str
    released_at: datetime | None = Field(description="Null while it stands")
    release_reason: str
