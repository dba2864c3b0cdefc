"""How an attempt takes back what the platform took: once, of its clock or its timer, and with the reason why less."""

from datetime import datetime, timedelta

from schema import lifecycle as m
from schema.attempt import ATTEMPT, Phase, Verb
from schema.clock import ExamClock
from schema.outage.interval import Interval, total
from schema.outage.lengthening import check_clock, lengthening
from schema.outage.returned import TimeReturned
from schema.step import step

ALREADY = "its clock did not run then, or this time was given back before"
WAITED = {
    Phase.HELD: "the seat is held",
    Phase.WAITLISTED: "the place on the waiting list is kept",
    Phase.AWAITING_ADMISSION: "a proctor is awaited",
    Phase.PAUSED: "the pause may last",
    Phase.TERMINATED: "the attempt can be reactivated",
}


class ReturnTime(m.Command):
    """Give back what the platform took: its silence `lost`, as it was recorded, and in words what was away.

    Only the system sends it; one operation for each silence of each attempt. `is_wait`: it goes to the timer that
    the attempt waits for, not to its clock.
    """

    lost: Interval
    cause: str
    is_wait: bool = False


def return_time(attempt: m.AttemptInput, state: m.AttemptState, command: ReturnTime, now: datetime) -> None:
    """Add what is new of the silence to the deadline or the timer; the move says how much.

    Raises IllegalMove after the end, for the clock also before the start, and where no timer waited in the silence.
    """
    ATTEMPT.target(state.phase, Verb.RETURN_TIME, command.actor.role)
    if command.is_wait:
        _lengthen_wait(attempt, state, command, now)
    else:
        check_clock(state)
        _lengthen_exam(state, command, now)


def _lengthen_wait(
    attempt: m.AttemptInput, state: m.AttemptState, command: ReturnTime, now: datetime
) -> None:
    longer = lengthening(attempt, state, command.lost)
    returned = TimeReturned(
        began_at=command.lost.start, lost=longer.lost, added=longer.added, is_wait=True, until=longer.until
    )
    for_what = WAITED.get(state.phase, "the student may come and start")
    reason = f"{_reason(command, returned)}; {for_what} until {longer.until:%F %T} UTC"
    step(state, Verb.RETURN_TIME, command.actor, now, reason, returned=returned)
    state.away = longer.away


def _lengthen_exam(state: m.AttemptState, command: ReturnTime, now: datetime) -> None:
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
