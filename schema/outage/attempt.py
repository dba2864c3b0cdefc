"""How an attempt of the read model lost time: when its clock ran, and what of the platform's silence fell into that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.attempt import Verb
from schema.outage.interval import Interval, Intervals, intersect, subtract, whole
from schema.outage.service import ServiceRecord, Stay

STOPPING = frozenset({Verb.PAUSE, Verb.TERMINATE, Verb.SUBMIT})
GOING_ON = frozenset({Verb.RESUME, Verb.REACTIVATE, Verb.REOPEN})


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt that has started; `ended_at` is None while it is under way. Moves as (verb, at), in order."""

    attempt_id: UUID
    exam_id: UUID
    started_at: datetime
    ended_at: datetime | None
    moves: Sequence[tuple[str, datetime]]
    stays: Sequence[Stay]
    recorded: Intervals  # silences that are written down already

    def running(self, now: datetime) -> Intervals:
        """When its clock ran, as far as the read model knows; the workflow has the last word."""
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


def new_losses(service: ServiceRecord, sitting: Sitting) -> Intervals:
    """What it lost by silences that are over and not written down yet, in whole seconds."""
    lost = [one for one in service.lost(sitting.started_at, sitting.stays) if one.end < service.now]
    return subtract(whole(intersect(lost, sitting.running(service.now))), sitting.recorded)


def causes(outages: Iterable[tuple[Interval, str]], loss: Interval) -> str:
    """What was away then, in the order in which it went."""
    mine = [(span.start, cause) for span, cause in outages if span.start < loss.end and loss.start < span.end]
    return ", ".join(dict.fromkeys(cause for _, cause in sorted(mine)))
