"""How an attempt takes back what the platform took: once, of the time its clock ran, and with the reason why less."""

from datetime import datetime, timedelta

from schema import lifecycle as m
from schema.attempt import ATTEMPT, Verb
from schema.clock import ExamClock
from schema.outage.interval import Interval, total
from schema.outage.returned import TimeReturned
from schema.step import step

ALREADY = "its clock did not run then, or this time was given back before"


class ReturnTime(m.Command):
    """Give back what the platform took: its silence `lost`, as it was recorded, and in words what was away.

    Only the system sends it; one operation for each silence of each attempt.
    """

    lost: Interval
    cause: str


def return_time(_attempt: m.AttemptInput, state: m.AttemptState, command: ReturnTime, now: datetime) -> None:
    """Add what is new of the silence to the deadline; the move says how much, also where it is nothing.

    Raises IllegalMove before the start and after the end.
    """
    ATTEMPT.target(state.phase, Verb.RETURN_TIME, command.actor.role)
    lost = total(state.clock.unreturned((command.lost,), now))
    longer = state.clock.give_back((command.lost,), now)
    added = _gained(state.clock, longer, lost)
    returned = TimeReturned(
        began_at=command.lost.start, lost=lost, added=added, why_less=_why_less(longer, lost, added)
    )
    reason = _reason(command, returned)
    step(state, Verb.RETURN_TIME, command.actor, now, reason, returned=returned)
    state.clock = longer


def seconds(time: timedelta) -> int:
    """Whole seconds, as people are told."""
    return int(time.total_seconds())


def _gained(before: ExamClock, after: ExamClock, lost: timedelta) -> timedelta:
    """What the deadline moved by; while the clock stands there is none, and all of it is kept for later."""
    if before.deadline_at is None or after.deadline_at is None:
        return lost
    return after.deadline_at - before.deadline_at


def _why_less(clock: ExamClock, lost: timedelta, added: timedelta) -> str:
    if added < lost and clock.cap is not None:
        return f"the exam ends with its slot at {clock.cap:%F %T} UTC"
    return "" if lost else ALREADY


def _reason(command: ReturnTime, returned: TimeReturned) -> str:
    silence = f"{command.lost.start:%F %T} to {command.lost.end:%T} UTC"
    said = f"The platform was away from {silence} ({command.cause}): {seconds(returned.added)} s given back"
    return f"{said}; {returned.why_less}" if returned.why_less else said
