"""What the settlement of outages is asked and answers."""

from datetime import datetime
from uuid import UUID

from schema import lifecycle as m
from schema.model import Message
from schema.outage.giving import ReturnTime
from schema.outage.interval import Interval


class SettleOutages(Message):
    """Before an attempt is handed in by its deadline: what was it owed up to then?"""

    attempt_id: UUID
    until: datetime


class Loss(Message):
    """A silence of the platform that an attempt was under way in; `cause` says in words what was away.

    `is_wait`: a timer stood still instead of the clock.
    """

    attempt_id: UUID
    silence: Interval
    cause: str
    is_wait: bool = False

    @property
    def command(self) -> ReturnTime:
        """What gives it back; the same loss is always the same operation."""
        operation = f"outage:{self.attempt_id}:{self.silence.start.isoformat()}"
        return ReturnTime(
            operation_id=operation, actor=m.SYSTEM, lost=self.silence, cause=self.cause, is_wait=self.is_wait
        )


class Settled(Message):
    """All that is recorded and not given back as far as the read model knows."""

    losses: tuple[Loss, ...] = ()
