"""How an attempt of the read model lost time: when its clock ran or a timer waited, and what silence fell into that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.attempt import WAITING_PHASES, Phase, Verb
from schema.lifecycle import AttemptInput
from schema.outage.interval import Interval, Intervals, intersect, subtract, union, whole
from schema.outage.service import ServiceRecord, Stay
from schema.outage.wait import waits

STOPPING = frozenset({Verb.PAUSE, Verb.TERMINATE, Verb.SUBMIT})
GOING_ON = frozenset({Verb.RESUME, Verb.REACTIVATE, Verb.REOPEN})


class MadeMove(Protocol):
    """A line of the decision log."""

    @property
    def version(self) -> int: ...

    @property
    def machine(self) -> str: ...

    @property
    def verb(self) -> str: ...

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An attempt as the read model knows it; `ended_at` is None while it is under way. Moves as (verb, at), in order.

    `waits` is what its timer measures now, where the clock does not run.
    """

    attempt_id: UUID
    exam_id: UUID
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    moves: Sequence[tuple[str, datetime]]
    stays: Sequence[Stay]
    recorded: Intervals  # silences that are written down already
    waits: Intervals = ()

    @property
    def since(self) -> datetime:
        """From when on a silence can have taken something from it."""
        begins = [wait.start for wait in self.waits]
        if self.started_at is not None:
            begins.append(self.started_at)
        return min(begins, default=self.created_at)

    def running(self, now: datetime) -> Intervals:
        """When its clock ran, as far as the read model knows; the workflow has the last word."""
        if self.started_at is None:
            return ()
        stops: list[Interval] = []
        since: datetime | None = None
        for verb, at in self.moves:
            if verb in STOPPING:
                since = since or at
            elif verb in GOING_ON and since is not None:
                stops.append(Interval(start=since, end=at))
                since = None
        end = self.ended_at or now
        if since is not None:
            stops.append(Interval(start=since, end=max(end, since)))
        return subtract((Interval(start=self.started_at, end=end),), stops)

    def waiting(self, now: datetime) -> Intervals:
        """Since when its timer has waited; it has not rung yet as far as the read model knows."""
        return union(Interval(start=wait.start, end=now) for wait in self.waits)


@dataclass(frozen=True, slots=True)
class Lost:
    """What a silence took: of the clock, or of a timer that waits."""

    silence: Interval
    is_wait: bool


def new_losses(service: ServiceRecord, attempt: UnderWay) -> list[Lost]:
    """What it lost by silences that are over and not written down yet, in whole seconds."""
    over = [one for one in service.lost(attempt.since, attempt.stays) if one.end < service.now]
    of_clock = whole(intersect(over, attempt.running(service.now)))
    of_timer = subtract(whole(intersect(over, attempt.waiting(service.now))), of_clock)
    return [
        Lost(silence, is_wait)
        for found, is_wait in ((of_clock, False), (of_timer, True))
        for silence in subtract(found, attempt.recorded)
    ]


def clock_moves(moves: Iterable[MadeMove]) -> list[tuple[str, datetime]]:
    """Those that stop the clock or let it go on, in order."""
    mine = [move for move in moves if move.machine == "attempt" and move.verb in STOPPING | GOING_ON]
    return [(move.verb, move.at) for move in sorted(mine, key=lambda move: move.version)]


def waits_of(phase: Phase, snapshot: AttemptInput | None) -> Intervals:
    """What the timer of an attempt measures, by what its workflow wrote last."""
    if phase not in WAITING_PHASES or snapshot is None or snapshot.resumed is None:
        return ()
    return waits(snapshot, snapshot.resumed)


def causes(outages: Iterable[tuple[Interval, str]], loss: Interval) -> str:
    """What was away then, in the order in which it went."""
    mine = [(span.start, cause) for span, cause in outages if span.start < loss.end and loss.start < span.end]
    return ", ".join(dict.fromkeys(cause for _, cause in sorted(mine)))
