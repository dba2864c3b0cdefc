"""What the in-memory twins of outages share: marks of service, the gaps between them, stays, and what is owed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from schema.lifecycle import Step
from schema.outage.interval import Interval
from schema.outage.owed import OwedState
from schema.outage.service import Cause, Component
from schema.outage.task import Loss


@dataclass(slots=True)
class MemoryMark:
    """How long a node has served a component."""

    first_at: datetime
    last_at: datetime


@dataclass(slots=True)
class MemoryOutage:
    """A gap between two marks of a node."""

    component: Component
    node_id: str
    silence: Interval
    cause: str
    is_swept: bool = False


@dataclass(slots=True)
class MemoryOwed:
    """What an attempt lost by one silence, and what it was given back for it."""

    loss: Loss
    lost: timedelta
    added: timedelta = timedelta(0)
    state: OwedState = OwedState.WAITING
    why_less: str = ""


@dataclass(slots=True)
class MemoryOutages:
    """The tables of outages."""

    marks: dict[tuple[Component, str], MemoryMark] = field(default_factory=dict)
    outages: list[MemoryOutage] = field(default_factory=list)
    stays: dict[tuple[UUID, str, datetime], datetime] = field(default_factory=dict)  # until when
    owed: dict[tuple[UUID, datetime], MemoryOwed] = field(default_factory=dict)

    def settle(self, attempt_id: UUID, step: Step) -> None:
        """A move of the attempt has given time back: what it says is what counts."""
        returned = step.returned
        if returned is None:
            return
        key = attempt_id, returned.began_at
        if key not in self.owed:
            silence = Interval(start=returned.began_at, end=returned.began_at + returned.lost)
            loss = Loss(attempt_id=attempt_id, silence=silence, cause=Cause.PROCESS, is_wait=returned.is_wait)
            self.owed[key] = MemoryOwed(loss, returned.lost)
        known = self.owed[key]
        known.state, known.lost, known.added = OwedState.GIVEN, returned.lost, returned.added
        known.why_less = returned.why_less
