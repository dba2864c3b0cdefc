"""What a person may do to an attempt now: each command is tried on a copy of it, by the rules that decide on it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from api.reservations.access import actor_for
from api.reservations.circumstance import Circumstance
from api.reservations.command import DOORS, Door
from api.token import CurrentPerson
from schema import lifecycle as m
from schema.attempt import ATTEMPT, Phase
from schema.clock import ExamClock
from schema.conduct import conduct, new_state
from schema.db.tables.reservations import AttemptRow
from schema.exam import CheckInStep
from schema.failures import Failure
from schema.ids import new_id
from schema.machine import IllegalMove
from schema.outcome import Integrity, Marking, Release

# The word for a command, where it is not its path.
WORDS = {"check-in": "begin_check_in", "check-in/steps": "complete_check_in"}
ACCEPT_LATE = "accept_late"
REOPEN = "reopen"
WHY = "tried out"
SAMPLE: dict[str, Any] = {
    "reason": WHY,
    "by": timedelta(minutes=1),
    "within": timedelta(minutes=1),
    "step": CheckInStep.BROWSER,
}


def possible_words(
    row: AttemptRow, circumstance: Circumstance, person: CurrentPerson, now: datetime, *, has_late: bool
) -> list[str]:
    """The words of the commands that this person may give now, in the order of the table.

    `has_late`: an answer that came after the end waits to be accepted.
    """
    attempt = _input(row, circumstance)
    state = _state(row, attempt, now)
    words = [word_of(door) for door in DOORS if _is_possible(door, attempt, state, row, person, now)]
    return sorted(
        (word for word in words if has_late or word != ACCEPT_LATE),
        key=lambda word: _place(word, state.phase),
    )


def told_by_workflow(words: list[str], view: m.AttemptView) -> list[str]:
    """Without what only the attempt's workflow knows to refuse: one from before an upgrade does not reopen."""
    return [word for word in words if word != REOPEN or view.can_reopen is not False]


def _place(word: str, phase: Phase) -> int:
    verbs = [move.verb.value for move in ATTEMPT.moves if move.source is phase]
    return verbs.index(word) if word in verbs else len(verbs)


def word_of(door: Door) -> str:
    """As `possible` says it: the verb of the tables."""
    return WORDS.get(door.path, door.path.replace("-", "_"))


def _is_possible(
    door: Door,
    attempt: m.AttemptInput,
    state: m.AttemptState,
    row: AttemptRow,
    person: CurrentPerson,
    now: datetime,
) -> bool:
    try:
        actor = actor_for(row, person, door.roles)
        conduct(attempt, state.model_copy(), _sample(door, attempt, actor, now), now)
    except (Failure, IllegalMove):
        return False
    return True


def _sample(door: Door, attempt: m.AttemptInput, actor: m.Actor, now: datetime) -> m.Command:
    """A command of this kind as somebody could give it; what it says is not kept."""
    later = now + timedelta(days=1)
    slot = m.SlotWindow(slot_id=new_id(), starts_at=later, ends_at=later + timedelta(hours=1))
    facts = {**SAMPLE, "slot": slot, "appeal_id": attempt.attempt_id, "time": timedelta(minutes=1)}
    fields = {name: value for name, value in facts.items() if name in door.command.model_fields}
    return door.command(operation_id=WHY, actor=actor, **fields)


def _input(row: AttemptRow, circumstance: Circumstance) -> m.AttemptInput:
    return m.AttemptInput(
        attempt_id=row.attempt_id,
        organisation_id=row.organisation_id,
        exam_id=row.exam_id,
        exam_version=row.exam_version,
        student_id=row.student_id,
        slot=circumstance.slot,
        policy=circumstance.policy,
        duration_factor=Decimal(1),
        seed=0,
        rules_version="",
        model_version="",
    )


def _state(row: AttemptRow, attempt: m.AttemptInput, now: datetime) -> m.AttemptState:
    state = new_state(attempt, now)
    state.phase, state.marking = Phase(row.phase), Marking(row.marking)
    state.integrity, state.release = Integrity(row.integrity), Release(row.release)
    state.hold_until, state.submitted_at = row.hold_until, row.submitted_at
    state.checks_done = tuple(CheckInStep(step) for step in row.checks_done.get("steps", []))
    state.student_is_back, state.may_resume = row.student_is_back, row.may_resume
    if row.clock is not None:
        state.clock = ExamClock.model_validate(row.clock)
    after = (row.after or {}) if state.phase is Phase.SUBMITTED else {}
    state.after = state.after.model_validate({**after, "can_reopen": state.phase is Phase.SUBMITTED})
    state.released_at = row.released_at
    return state
