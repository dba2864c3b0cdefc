"""Reopening an attempt that was handed in: the command, and what it does. Pure, like schema/conduct.py."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from schema import lifecycle as m
from schema.aftermath.state import ReopenAsked
from schema.attempt import ATTEMPT, Verb
from schema.clock import ExamClock
from schema.given.time import facts_of, given
from schema.machine import IllegalMove
from schema.outcome import RELEASE, Integrity, IntegrityVerb, Marking, MarkingVerb, Release
from schema.review import Reason
from schema.step import step, step_integrity, step_marking

NOTHING = timedelta(0)


class Reopen(m.Command):
    """Let an attempt that was handed in go on, with the time that was left or a given time; answers stay.

    Where the exam wants a second person, the first one asks and the attempt goes on once another agrees.
    """

    time: Annotated[timedelta, Field(gt=NOTHING, le=timedelta(hours=24))] | None = None
    reason: Reason


def reopen(attempt: m.AttemptInput, state: m.AttemptState, command: Reopen, now: datetime) -> None:
    """Before the release only: marks and integrity are decided again once it is handed in."""
    ATTEMPT.target(state.phase, Verb.REOPEN, command.actor.role)
    if state.release is not Release.WITHHELD:
        raise IllegalMove(
            f"{RELEASE.words[state.release]}; an attempt is reopened before its result is released"
        )
    if not state.after.can_reopen or state.after.accepting:
        raise IllegalMove("this attempt is being closed or marked by an older version; try again in a moment")
    asked = state.after.asked
    if attempt.policy.reopen_needs_second_person and (asked is None or asked.by == command.actor.person_id):
        _ask(state, command, now)
        return
    time, reason = (asked.time, asked.reason) if asked else (command.time, command.reason)
    _go_on(state, command, time, reason, now)


def _ask(state: m.AttemptState, command: Reopen, now: datetime) -> None:
    if state.after.asked is not None:
        raise IllegalMove("you have asked to reopen this attempt; another administrator must agree")
    _clock(state, command, command.time, now)  # refused here what would be refused then
    asked = ReopenAsked(by=command.actor.person_id, time=command.time, reason=command.reason, at=now)
    state.after = state.after.model_copy(update={"asked": asked})


def _go_on(
    state: m.AttemptState, command: Reopen, time: timedelta | None, reason: str, now: datetime
) -> None:
    clock = _clock(state, command, time, now)
    facts = {}
    if time is not None:
        state.given = given(command.operation_id, clock.minus_extra(time), clock, time, now, now)
        facts = facts_of(state.given, clock)
    if clock.deadline_at is not None:
        facts["deadline_at"] = clock.deadline_at.isoformat()
    step(state, Verb.REOPEN, command.actor, now, reason, facts=facts)
    state.clock, state.submitted_at, state.stopped_since = clock, None, None
    state.student_is_back = state.may_resume = False
    _decide_anew(state, command, now)


def _clock(state: m.AttemptState, command: Reopen, time: timedelta | None, now: datetime) -> ExamClock:
    clock = state.clock.go_on(now)
    if time is not None:
        clock = clock.leaving(time, now)
    if clock.remaining(now) > NOTHING:
        return clock
    if clock.cap is not None and clock.cap <= now:
        said = "this exam ended with its slot; lift that end for this attempt first"
        raise IllegalMove(said, deadline_at=clock.cap)
    raise IllegalMove("no time was left when it was handed in; say how much time is given")


def _decide_anew(state: m.AttemptState, command: Reopen, now: datetime) -> None:
    after = state.after
    if state.integrity in {Integrity.CLEARED, Integrity.NONE}:
        after = after.model_copy(update={"cleared": tuple(known.incident_id for known in state.incidents)})
    if state.integrity is not Integrity.UNDETERMINED:
        state.integrity_round += 1
        step_integrity(state, IntegrityVerb.REOPEN, command.actor, now)
    if state.marking is not Marking.PENDING:
        step_marking(state, MarkingVerb.REOPEN, command.actor, now)
    state.round_number += 1
    state.coverage = None
    state.after = after.model_copy(
        update={"reopened": after.reopened + 1, "asked": None, "remark_wanted": False}
    )
