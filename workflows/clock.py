"""The alarms of an attempt: what its timers do, when they are due, and waiting for one that may be moved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.attempt import Phase, Verb
    from schema.lifecycle import TIMER, AttemptInput, AttemptState
    from schema.outage.wait import rings_at
    from schema.step import step, submit_by_timer


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that happens at `at` unless the state changes before; `verb` is None for a reminder."""

    at: datetime
    name: str
    verb: Verb | None = None
    reminder: timedelta | None = None


def next_alarm(attempt: AttemptInput, state: AttemptState) -> Alarm | None:
    """The earliest alarm of the state, or None where only people can move it on."""
    return min(_alarms(attempt, state), key=lambda alarm: alarm.at, default=None)


def next_ending(attempt: AttemptInput, state: AttemptState) -> Alarm | None:
    """The alarm that moves the attempt on by itself, which every phase has one of at most."""
    return next((alarm for alarm in _alarms(attempt, state) if alarm.verb is not None), None)


def ring(state: AttemptState, alarm: Alarm) -> None:
    """Do what the alarm says, as of the moment it was due, however late it rings."""
    if alarm.reminder is not None:
        state.reminded = (*state.reminded, alarm.reminder)
    elif alarm.verb is Verb.SUBMIT:
        submit_by_timer(state, alarm.at, alarm.name)
    elif alarm.verb is not None:
        step(state, alarm.verb, TIMER, alarm.at, alarm.name)
        state.admission_escalated = state.admission_escalated or alarm.verb is Verb.ESCALATE


_WAITS = {
    Phase.HELD: ("hold", Verb.EXPIRE),
    Phase.WAITLISTED: ("slot start", Verb.EXPIRE),
    Phase.RESERVED: ("no-show", Verb.MARK_NO_SHOW),
    Phase.CHECKING_IN: ("no-show", Verb.MARK_NO_SHOW),
    Phase.AWAITING_ADMISSION: ("escalation to admin", Verb.ESCALATE),
    Phase.ADMITTED: ("no-show", Verb.MARK_NO_SHOW),
    Phase.PAUSED: ("longest pause", Verb.SUBMIT),
    Phase.TERMINATED: ("reactivation window", Verb.SUBMIT),
}


async def wait_for(alarm: Callable[[], Alarm | None], is_over: Callable[[], bool]) -> Alarm | None:
    """The next alarm once it is due, or None as soon as `is_over`; follows an alarm that is moved meanwhile."""
    while not is_over():
        due = alarm()
        if due is not None and due.at <= workflow.now():
            return due
        await _wait(due, lambda due=due: is_over() or alarm() != due)  # type: ignore[misc]
    return None


async def _wait(due: Alarm | None, changed: Callable[[], bool]) -> None:
    if due is None:
        await workflow.wait_condition(changed)
        return
    try:
        left = due.at - workflow.now()
        await workflow.wait_condition(changed, timeout=left, timeout_summary=f"{due.name} at {due.at:%F %T}")
    except TimeoutError:
        return


def _alarms(attempt: AttemptInput, state: AttemptState) -> Iterator[Alarm]:
    if state.phase is Phase.IN_PROGRESS and state.clock.deadline_at is not None:
        yield Alarm(state.clock.deadline_at, "deadline", Verb.SUBMIT)
    elif state.phase in _WAITS and (at := rings_at(attempt, state)) is not None:
        yield Alarm(at, *_WAITS[state.phase])
    yield from _reminders(attempt, state)


def _reminders(attempt: AttemptInput, state: AttemptState) -> Iterator[Alarm]:
    """Only those still ahead when this slot was reserved: who reserves today needs no mail from yesterday."""
    if state.phase is not Phase.RESERVED or state.reserved_at is None:
        return
    for before in attempt.policy.reminders:
        at = state.slot.starts_at - before
        if before not in state.reminded and at > state.reserved_at:
            yield Alarm(at, f"reminder {before} before", reminder=before)
