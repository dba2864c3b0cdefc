"""Whether an attempt can still take back what was lost to it, and how much longer that lets its timer wait. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schema import lifecycle as m
from schema.attempt import ATTEMPT, SITTING_PHASES, WAITING_PHASES
from schema.machine import IllegalMove
from schema.outage.interval import Interval, Intervals, intersect, subtract, total, union, whole
from schema.outage.wait import rings_at, waits


@dataclass(frozen=True, slots=True)
class Lengthening:
    """Of a silence `lost` fell into the wait; its timer rings `added` later, at `until`."""

    lost: timedelta
    added: timedelta
    until: datetime
    away: Intervals


def check_clock(state: m.AttemptState) -> None:
    """Raises IllegalMove before the clock began to run."""
    if state.phase not in SITTING_PHASES:
        raise IllegalMove(f"{ATTEMPT.words[state.phase]}; its clock has not begun to run")


def lengthening(attempt: m.AttemptInput, state: m.AttemptState, silence: Interval) -> Lengthening:
    """Raises IllegalMove for a timer that has rung, another one that began since, and what was given back before."""
    before = rings_at(attempt, state)
    if before is None or state.phase not in WAITING_PHASES:
        raise IllegalMove(f"{ATTEMPT.words[state.phase]}; what it waited for then is over")
    new = subtract(whole((silence,)), state.away)
    away = union((*state.away, *new))
    until = rings_at(attempt, state.model_copy(update={"away": away}))
    if until is None or until == before:
        raise IllegalMove(f"{ATTEMPT.words[state.phase]}; nothing of this time was lost to it")
    spans = [Interval(start=wait.start, end=until) for wait in waits(attempt, state)]
    return Lengthening(total(intersect(new, spans)), until - before, until, away)
