"""Alarms: every phase that is not final has one or a person who owns it; each rings as of when it was due."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.attempt import ATTEMPT, FINAL_PHASES, OPEN_PHASES, Phase, Verb
from schema.conduct import new_state
from schema.lifecycle import AttemptState
from tests.workflows.story import attempt_input, slot_from
from workflows.clock import next_alarm, ring

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
STARTS = NOW + timedelta(days=2)
EXAM = attempt_input(slot_from(STARTS))


def state_in(phase: Phase) -> AttemptState:
    state = new_state(EXAM, NOW)
    state.phase = phase
    state.reserved_at = NOW
    state.awaiting_since = STARTS
    state.stopped_since = STARTS
    if phase is Phase.IN_PROGRESS:
        state.clock = state.clock.start(STARTS)
    return state


@pytest.mark.parametrize("phase", sorted(OPEN_PHASES))
def test_every_open_phase_has_an_alarm_that_moves_it(phase: Phase) -> None:
    state = state_in(phase)
    state.reminded = EXAM.policy.reminders
    alarm = next_alarm(EXAM, state)
    assert alarm is not None
    assert ATTEMPT.owners[phase] == f"timer: {alarm.name}"

    ring(state, alarm)

    assert state.steps[-1].at == alarm.at
    assert state.phase is ATTEMPT.target(phase, alarm.verb or Verb.VOID, state.steps[-1].actor.role)


@pytest.mark.parametrize("phase", sorted(FINAL_PHASES))
def test_a_final_phase_has_none(phase: Phase) -> None:
    assert next_alarm(EXAM, state_in(phase)) is None


def test_an_escalated_admission_is_the_admins() -> None:
    state = state_in(Phase.AWAITING_ADMISSION)
    alarm = next_alarm(EXAM, state)
    assert alarm is not None

    ring(state, alarm)

    assert (state.phase, state.admission_escalated) == (Phase.AWAITING_ADMISSION, True)
    assert next_alarm(EXAM, state) is None


def test_reminders_come_before_the_no_show() -> None:
    state = state_in(Phase.RESERVED)
    rung = []
    while (alarm := next_alarm(EXAM, state)) is not None:
        rung.append((alarm.at, alarm.name))
        ring(state, alarm)

    assert [at for at, _ in rung] == [
        STARTS - timedelta(days=1),
        STARTS - timedelta(hours=1),
        STARTS + timedelta(minutes=30),
    ]
