"""What the commands of the aftermath do to an attempt. Pure, like schema/conduct.py."""

from datetime import datetime

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.attempt import Phase
from schema.machine import ActorRole, IllegalMove
from schema.outcome import Release

LATE_PHASES = frozenset({Phase.TERMINATED, Phase.SUBMITTED})


def accept_late(attempt: m.AttemptInput, state: m.AttemptState, command: AcceptLate, now: datetime) -> None:
    """Late answers are accepted until the result is released."""
    if command.actor.role is not ActorRole.ADMIN:
        raise IllegalMove(f"accepting late answers is for admin, not for {command.actor.role}")
    if state.phase not in LATE_PHASES:
        raise IllegalMove(f"attempt is {state.phase}: there are no late answers to accept")
    if state.release is not Release.WITHHELD:
        raise IllegalMove(
            f"the result is {state.release}: a late answer counts only in a round after an appeal"
        )
    state.after = state.after.model_copy(update={"accepting": state.after.accepting + 1})


def accepted(state: m.AttemptState, number: int) -> None:
    """So many were accepted; where marking has begun, a new round follows."""
    wanted = state.after.remark_wanted or (number > 0 and state.phase is Phase.SUBMITTED)
    changed = {"accepting": state.after.accepting - 1, "remark_wanted": wanted}
    state.after = state.after.model_copy(update=changed)
