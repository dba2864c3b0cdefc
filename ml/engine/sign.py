"""A sign: one thing to watch for, how it is judged, and how it turns from a glimpse into a condition."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ml.engine.memory import Glimpse, SignMemory
from ml.engine.observation import Scene

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a record says about a sign. `weight` is 0 to 1; `since` where it began before this record."""

    seen: bool
    weight: float = 1.0
    since: datetime | None = None


SEEN, CLEAR = Verdict(True), Verdict(False)


class Entry(Protocol):
    """When glimpses are enough to call it a condition."""

    def note(self, memory: SignMemory, glimpse: Glimpse) -> None:
        """Remember a glimpse."""

    def begun(self, memory: SignMemory, now: datetime) -> Glimpse | None:
        """The glimpse the condition began with, once it is one."""

    def confidence(self, memory: SignMemory) -> float:
        """The mean weight of the glimpses that speak for it."""


@dataclass(frozen=True, slots=True)
class Dwell:
    """Seen without interruption for more than `after`, in at least `glimpses` records."""

    after: timedelta = AT_ONCE
    glimpses: int = 1

    def note(self, memory: SignMemory, glimpse: Glimpse) -> None:
        """Remember the first glimpse and the sum of all; one that shows nothing starts over."""
        if not glimpse.seen:
            memory.glimpses, memory.count, memory.total = [], 0, 0.0
            return
        memory.glimpses = memory.glimpses or [glimpse]
        memory.count += 1
        memory.total += glimpse.weight

    def begun(self, memory: SignMemory, now: datetime) -> Glimpse | None:
        """See Entry."""
        if not memory.glimpses or memory.count < self.glimpses:
            return None
        first = memory.glimpses[0]
        return first if now - first.at > self.after or self.after == AT_ONCE else None

    def confidence(self, memory: SignMemory) -> float:
        """See Entry."""
        return memory.total / memory.count if memory.count else 0.0


@dataclass(frozen=True, slots=True)
class Votes:
    """Seen in `needed` of the last `of` records that say anything about it."""

    needed: int
    of: int

    def note(self, memory: SignMemory, glimpse: Glimpse) -> None:
        """Remember the last few."""
        memory.glimpses = [*memory.glimpses, glimpse][-self.of :]

    def begun(self, memory: SignMemory, now: datetime) -> Glimpse | None:
        """See Entry."""
        votes = [glimpse for glimpse in memory.glimpses if glimpse.seen]
        return votes[0] if len(votes) >= self.needed else None

    def confidence(self, memory: SignMemory) -> float:
        """See Entry."""
        weights = [glimpse.weight for glimpse in memory.glimpses if glimpse.seen]
        return sum(weights) / len(weights) if weights else 0.0


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to watch for.

    `leave` is how long it must be clear to end. A `lasting` sign holds between the records that speak of it
    (a hidden tab); of any other, a silence in the stream proves nothing. A `momentary` one ends as it begins.
    """

    name: str
    text: str
    judge: Callable[[Scene], Verdict | None]
    entry: Entry
    leave: timedelta = AT_ONCE
    lasting: bool = False
    momentary: bool = False
