"""Further sittings of which the student may not know yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class GivenSittingNotice:
    """A further sitting was given after this attempt."""

    sitting_id: UUID
    attempt_id: UUID
    exam_id: UUID
    student_id: UUID
    given_at: datetime


class FurtherSittingBook(Protocol):
    """What was given, and whether the student was told."""

    async def untold(self, since: datetime) -> Sequence[GivenSittingNotice]:
        """Those given since then, the oldest first."""

    async def told(self, sitting_id: UUID, at: datetime) -> None:
        """The student knows."""
