"""What of an attempt's aftermath is under way."""

from datetime import datetime, timedelta
from uuid import UUID

from schema.model import Message


class ReopenAsked(Message):
    """An admin has asked to reopen the attempt, and a second one has to agree."""

    by: UUID | None
    time: timedelta | None
    reason: str
    at: datetime


class Aftermath(Message):
    """Late answers that are being accepted, whether accepted ones wait for a marking round, and reopening.

    `can_reopen` is set by a workflow that knows how; `cleared` are incidents that people had decided before the
    attempt was reopened, `risk` what it had come to by then.
    """

    accepting: int = 0
    remark_wanted: bool = False
    can_reopen: bool = False
    reopened: int = 0
    asked: ReopenAsked | None = None
    cleared: tuple[UUID, ...] = ()
    risk: float = 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether marks are about to change: no result is released meanwhile."""
        return self.accepting > 0 or self.remark_wanted
