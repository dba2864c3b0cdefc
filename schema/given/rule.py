"""What lifting a cap does to an attempt. Pure, like schema/conduct.py."""

from datetime import datetime

from schema import lifecycle as m
from schema.attempt import ATTEMPT, Verb
from schema.given.command import LiftCap
from schema.machine import IllegalMove
from schema.outcome import RELEASE, Release
from schema.step import step


def lift_cap(attempt: m.AttemptInput, state: m.AttemptState, command: LiftCap, now: datetime) -> None:
    """The slot no longer ends this attempt; before its result is released."""
    ATTEMPT.target(state.phase, Verb.LIFT_CAP, command.actor.role)
    if state.release is not Release.WITHHELD:
        raise IllegalMove(f"{RELEASE.words[state.release]}; no time can be given any more")
    if state.clock.cap is None:
        raise IllegalMove("this attempt does not end with its slot; there is nothing to lift")
    lifted = state.clock.lift_cap()
    facts = {"deadline_at": lifted.deadline_at.isoformat()} if lifted.deadline_at else {}
    step(state, Verb.LIFT_CAP, command.actor, now, command.reason, facts=facts)
    state.clock = lifted
