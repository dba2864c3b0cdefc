"""What the databases know of attempts that matters for keeping and deleting."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from schema.exam import RetentionPolicy
from schema.retention import DataClass


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """An attempt as its row and its exam tell it; `over_at` is None while it is not over."""

    attempt_id: UUID
    over_at: datetime | None
    policy: RetentionPolicy
    is_on_hold: bool
    media: tuple[str, ...] = ()  # objects that were stored: segments, identity photo
    report: str = ""
    grace: timedelta = field(default=timedelta(0), compare=False)  # nothing is due earlier


class RetentionRegister(Protocol):
    """All attempts with what is to be kept of them, and for how long."""

    def attempts(self) -> AsyncIterator[KeptAttempt]:
        """Every attempt there is, by id."""

    async def knows(self, attempt_id: UUID) -> bool:
        """Whether there is a row of it."""

    async def rows(self, attempt_id: UUID, data_class: DataClass) -> int:
        """How many rows of a class are left, over all schemas."""
