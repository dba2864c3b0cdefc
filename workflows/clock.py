"""The alarms of an attempt: what its timers do, when they are due, and waiting for one that may be moved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.attempt import Phase, Verb
    from schema.conduct import no_show_at
    from schema.lifecycle import TIMER, AttemptInput, AttemptState
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


def ring(state: AttemptState, alarm: Alarm) -> None:
    """Do what the alarm says, as of the moment it was due, however late it rings."""
    if alarm.reminder is not None:
        state.reminded = (*state.reminded, alarm.reminder)
    elif alarm.verb is Verb.SUBMIT:
        submit_by_timer(state, alarm.at, alarm.name)
    elif alarm.verb is not None:
        step(state, alarm.verb, TIMER, alarm.at, alarm.name)
        state.admission_escalated = state.admission_escalated or alarm.verb is Verb.ESCALATE


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
    policy, phase = attempt.policy, state.phase
    if phase is Phase.HELD:
        yield Alarm(state.hold_until, "hold", Verb.EXPIRE)
    elif phase is Phase.WAITLISTED:
        yield Alarm(state.slot.starts_at, "slot start", Verb.EXPIRE)
    elif phase in {Phase.RESERVED, Phase.CHECKING_IN, Phase.ADMITTED}:
        yield Alarm(no_show_at(attempt, state), "no-show", Verb.MARK_NO_SHOW)
        yield from _reminders(attempt, state)
    elif phase is Phase.AWAITING_ADMISSION and state.awaiting_since and not state.admission_escalated:
        overdue = state.awaiting_since + policy.admission_escalates_after
        yield Alarm(overdue, "escalation to admin", Verb.ESCALATE)
    elif phase is Phase.IN_PROGRESS and state.clock.deadline_at is not None:
        yield Alarm(state.clock.deadline_at, "deadline", Verb.SUBMIT)
    elif phase is Phase.PAUSED and state.stopped_since is not None:
        yield Alarm(state.stopped_since + policy.longest_pause, "longest pause", Verb.SUBMIT)
    elif phase is Phase.TERMINATED and state.stopped_since is not None:
        yield Alarm(state.stopped_since + policy.reactivation_window, "reactivation window", Verb.SUBMIT)


def _reminders(attempt: AttemptInput, state: AttemptState) -> Iterator[Alarm]:
    """Only those still ahead when this slot was reserved: who reserves today needs no mail from yesterday."""
    if state.phase is not Phase.RESERVED or state.reserved_at is None:
        return
    for before in attempt.policy.reminders:
        at = state.slot.starts_at - before
        if before not in state.reminded and at > state.reserved_at:
            yield Alarm(at, f"reminder {before} before", reminder=before)
