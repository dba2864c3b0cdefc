"""Moving an attempt's machines, and remembering each move until it is projected. Pure."""

from datetime import datetime

from schema import lifecycle as m
from schema.attempt import ATTEMPT, Verb
from schema.outage.returned import TimeReturned
from schema.outcome import INTEGRITY, MARKING, RELEASE, IntegrityVerb, MarkingVerb, ReleaseVerb


def step(
    state: m.AttemptState,
    verb: Verb,
    actor: m.Actor,
    at: datetime,
    reason: str = "",
    *,
    returned: TimeReturned | None = None,
    facts: dict[str, str] | None = None,
) -> None:
    """Move the attempt's machine and remember the move, with what else is to be told of it. Raises IllegalMove."""
    target = ATTEMPT.target(state.phase, verb, actor.role)
    _remember(state, "attempt", state.phase, verb, target, actor, at, reason, returned, facts)
    state.phase = target


def step_marking(state: m.AttemptState, verb: MarkingVerb, actor: m.Actor, at: datetime) -> None:
    """Move the marking machine. Raises IllegalMove."""
    target = MARKING.target(state.marking, verb, actor.role)
    _remember(state, "marking", state.marking, verb, target, actor, at, "")
    state.marking = target


def step_integrity(
    state: m.AttemptState, verb: IntegrityVerb, actor: m.Actor, at: datetime, reason: str = ""
) -> None:
    """Move the integrity machine. Raises IllegalMove."""
    target = INTEGRITY.target(state.integrity, verb, actor.role)
    _remember(state, "integrity", state.integrity, verb, target, actor, at, reason)
    state.integrity = target


def step_release(
    state: m.AttemptState, verb: ReleaseVerb, actor: m.Actor, at: datetime, reason: str = ""
) -> None:
    """Move the release machine. Raises IllegalMove."""
    target = RELEASE.target(state.release, verb, actor.role)
    _remember(state, "release", state.release, verb, target, actor, at, reason)
    state.release = target


def submit_by_timer(state: m.AttemptState, at: datetime, reason: str) -> None:
    """Hand in at the moment the time was up, however late the timer fires."""
    step(state, Verb.SUBMIT, m.TIMER, at, reason)
    stand_still(state, at)
    state.submitted_at = at


def _remember(
    state: m.AttemptState,
    machine: str,
    source: str,
    verb: str,
    target: str,
    actor: m.Actor,
    at: datetime,
    reason: str,
    returned: TimeReturned | None = None,
    facts: dict[str, str] | None = None,
) -> None:
    state.version += 1
    made = m.Step(
        version=state.version,
        machine=machine,
        source=source,
        verb=verb,
        target=target,
        actor=actor,
        reason=reason,
        at=at,
        returned=returned,
        facts=facts or {},
    )
    state.steps = (*state.steps, made)


def stand_still(state: m.AttemptState, now: datetime) -> None:
    """Stop the clock, if it was ever started."""
    if state.clock.started_at is not None:
        state.clock = state.clock.stop(now)
