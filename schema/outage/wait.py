"""What an attempt's timers measure beside its clock, and how long the platform's silences let them wait. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schema import lifecycle as m
from schema.attempt import Phase
from schema.outage.interval import Interval, Intervals, union


def lengthened(wait: Interval, silences: Iterable[Interval]) -> datetime:
    """When a wait ends that stands still in every silence, also in those that it reaches only because of others."""
    until = wait.end
    for silence in union(silences):
        if silence.start >= until:
            break
        until += max(silence.end - max(silence.start, wait.start), timedelta(0))
    return until


def waits(attempt: m.AttemptInput, state: m.AttemptState) -> Intervals:
    """What the timer of the phase measures; it rings at the end of the last one. None while the clock runs."""
    policy, phase = attempt.policy, state.phase
    if phase is Phase.HELD:
        began = state.hold_since or state.hold_until - policy.hold
        return (Interval(start=min(began, state.hold_until), end=state.hold_until),)
    if phase is Phase.WAITLISTED:
        starts = state.slot.starts_at
        return (Interval(start=starts - policy.hold, end=starts),)
    if phase in {Phase.RESERVED, Phase.CHECKING_IN, Phase.ADMITTED}:
        return _until_absent(attempt, state)
    since, length = _since(attempt, state)
    return () if since is None else (Interval(start=since, end=since + length),)


def rings_at(attempt: m.AttemptInput, state: m.AttemptState) -> datetime | None:
    """When the timer of the phase rings, without the time in which the platform was away; None without one."""
    return max((lengthened(wait, state.away) for wait in waits(attempt, state)), default=None)


def no_show_at(attempt: m.AttemptInput, state: m.AttemptState) -> datetime:
    """When a student who has not started counts as absent; who is admitted or sent back late gets the same grace."""
    return max(lengthened(wait, state.away) for wait in _until_absent(attempt, state))


def _until_absent(attempt: m.AttemptInput, state: m.AttemptState) -> Intervals:
    grace, starts = attempt.policy.no_show_after, state.slot.starts_at
    opens = starts - attempt.policy.check_in_opens
    first = Interval(start=max(opens, state.reserved_at or opens), end=starts + grace)
    was_kept_waiting = state.phase in {Phase.CHECKING_IN, Phase.ADMITTED}
    if not was_kept_waiting or state.awaiting_since is None:
        return (first,)
    return (first, Interval(start=state.awaiting_since, end=state.awaiting_since + grace))


def _since(attempt: m.AttemptInput, state: m.AttemptState) -> tuple[datetime | None, timedelta]:
    policy = attempt.policy
    if state.phase is Phase.AWAITING_ADMISSION and not state.admission_escalated:
        return state.awaiting_since, policy.admission_escalates_after
    if state.phase is Phase.PAUSED:
        return state.stopped_since, policy.longest_pause
    if state.phase is Phase.TERMINATED:
        return state.stopped_since, policy.reactivation_window
    return None, timedelta(0)
