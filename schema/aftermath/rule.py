"""What the commands of the aftermath do to an attempt. Pure, like schema/conduct.py."""

from datetime import datetime

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.attempt import ATTEMPT, Phase
from schema.machine import ActorRole, IllegalMove
from schema.outcome import RELEASE, Release

LATE_PHASES = frozenset({Phase.TERMINATED, Phase.SUBMITTED})


def accept_late(attempt: m.AttemptInput, state: m.AttemptState, command: AcceptLate, now: datetime) -> None:
    """Late answers are accepted until the result is released."""
    if command.actor.role is not ActorRole.ADMIN:
        raise IllegalMove("late answers are accepted by administrators only")
    if state.phase not in LATE_PHASES:
        raise IllegalMove(f"{ATTEMPT.words[state.phase]}; there are no late answers to accept")
    if state.release is not Release.WITHHELD:
        raise IllegalMove(
            f"{RELEASE.words[state.release]}; a late answer counts only in a round after an appeal"
        )
    state.after = state.after.model_copy(update={"accepting": state.after.accepting + 1})


def accepted(state: m.AttemptState, number: int) -> None:
    """So many were accepted; where marking has begun, a new round follows."""
    wanted = state.after.remark_wanted or (number > 0 and state.phase is Phase.SUBMITTED)
    changed = {"accepting": state.after.accepting - 1, "remark_wanted": wanted}
    state.after = state.after.model_copy(update=changed)
