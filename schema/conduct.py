"""What each command and each timer does to an attempt: the tables decide whether, these rules decide how.

Pure: given input, state, command and time they change the state or raise IllegalMove, and wait for nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.aftermath.reopen import Reopen, reopen
from schema.aftermath.rule import accept_late
from schema.attempt import ATTEMPT, SITTING_PHASES, Phase, Verb
from schema.clock import ExamClock
from schema.exam import Admission
from schema.given.command import LiftCap
from schema.given.rule import lift_cap
from schema.given.time import facts_of, given
from schema.machine import ActorRole, IllegalMove
from schema.outage.giving import ReturnTime, return_time
from schema.outage.wait import rings_at
from schema.outcome import INTEGRITY, MARKING, RELEASE, ReleaseVerb
from schema.step import stand_still, step, step_release

APPLIED_KEPT = 200

Rule = Callable[[m.AttemptInput, m.AttemptState, Any, datetime], None]


def new_state(attempt: m.AttemptInput, now: datetime) -> m.AttemptState:
    """A fresh attempt: a seat is being held, the clock has not started."""
    cap = attempt.slot.ends_at if attempt.policy.cap_at_slot_end else None
    clock = ExamClock(allowed=allowed_time(attempt, attempt.duration_factor), cap=cap)
    return m.AttemptState(
        slot=attempt.slot, clock=clock, hold_until=now + attempt.policy.hold, hold_since=now
    )


def allowed_time(attempt: m.AttemptInput, factor: Decimal) -> timedelta:
    """Duration x accommodation, in whole seconds."""
    return timedelta(seconds=int(Decimal(int(attempt.policy.duration.total_seconds())) * factor))


def conduct(attempt: m.AttemptInput, state: m.AttemptState, command: m.Command, now: datetime) -> None:
    """Apply a command once; the same operation id again changes nothing. Raises IllegalMove.

    Every applied command leads to a new version, also one that only changes a flag, so that it is projected.
    """
    if command.operation_id in state.applied:
        return
    before = state.version
    RULES[type(command)](attempt, state, command, now)
    state.version = max(state.version, before + 1)
    kept = list(state.applied.items())[-(APPLIED_KEPT - 1) :]
    state.applied = {**dict(kept), command.operation_id: state.version}


def view(attempt: m.AttemptInput, state: m.AttemptState) -> m.AttemptView:
    """The attempt as others see it."""
    return m.AttemptView(
        attempt_id=attempt.attempt_id,
        exam_id=attempt.exam_id,
        student_id=attempt.student_id,
        slot_id=state.slot.slot_id,
        phase=state.phase,
        marking=state.marking,
        integrity=state.integrity,
        release=state.release,
        version=state.version,
        hold_until=_held_until(attempt, state),
        deadline_at=state.clock.deadline_at,
        clock_version=state.clock.version,
        checks_done=state.checks_done,
        send_back_reason=state.send_back_reason,
        student_is_back=state.student_is_back,
        may_resume=state.may_resume,
        submitted_at=state.submitted_at,
        cap_at=state.clock.cap,
        pause_slack=state.clock.pause_slack,
        given=state.given,
        reopen_asked=state.after.asked,
        can_reopen=state.after.can_reopen if state.phase is Phase.SUBMITTED else None,
    )


def _held_until(attempt: m.AttemptInput, state: m.AttemptState) -> datetime:
    return (rings_at(attempt, state) if state.phase is Phase.HELD else None) or state.hold_until


def _confirm(attempt: m.AttemptInput, state: m.AttemptState, command: m.Confirm, now: datetime) -> None:
    ATTEMPT.target(state.phase, Verb.CONFIRM, command.actor.role)
    until = _held_until(attempt, state)
    if now >= until:
        raise IllegalMove("the seat is not held any more; reserve again", hold_until=until)
    step(state, Verb.CONFIRM, command.actor, now)
    state.reserved_at = now


def _cancel(attempt: m.AttemptInput, state: m.AttemptState, command: m.Cancel, now: datetime) -> None:
    ATTEMPT.target(state.phase, Verb.CANCEL, command.actor.role)
    cut_off = state.slot.starts_at - attempt.policy.cancel_cut_off
    by_student = command.actor.role is ActorRole.STUDENT
    if by_student and state.phase is Phase.RESERVED and now >= cut_off:
        raise IllegalMove("it is too late to cancel; ask an administrator", cancel_until=cut_off)
    step(state, Verb.CANCEL, command.actor, now, command.reason)


def _move(attempt: m.AttemptInput, state: m.AttemptState, command: m.MoveSlot, now: datetime) -> None:
    check_move(attempt, state, command, now)
    step(state, Verb.MOVE, command.actor, now)
    state.slot = command.slot
    state.reserved_at, state.reminded = now, ()
    if attempt.policy.cap_at_slot_end and not state.clock.is_cap_lifted:
        state.clock = state.clock.model_copy(update={"cap": command.slot.ends_at})


def check_move(attempt: m.AttemptInput, state: m.AttemptState, command: m.MoveSlot, now: datetime) -> None:
    """Whether the attempt may move to another slot now; asked before and after the seat is taken."""
    ATTEMPT.target(state.phase, Verb.MOVE, command.actor.role)
    if command.slot.ends_at <= now:
        raise IllegalMove("that slot is over; choose a later one")
    if now >= state.slot.starts_at - attempt.policy.cancel_cut_off:
        raise IllegalMove("it is too late to move this reservation; ask an administrator")


def _begin_check_in(
    attempt: m.AttemptInput, state: m.AttemptState, command: m.BeginCheckIn, now: datetime
) -> None:
    ATTEMPT.target(state.phase, Verb.BEGIN_CHECK_IN, command.actor.role)
    opens = state.slot.starts_at - attempt.policy.check_in_opens
    if now < opens:
        raise IllegalMove("check-in is not open yet", opens_at=opens)
    step(state, Verb.BEGIN_CHECK_IN, command.actor, now)


def _record_check_in(
    attempt: m.AttemptInput, state: m.AttemptState, command: m.RecordCheckIn, now: datetime
) -> None:
    ATTEMPT.target(state.phase, Verb.COMPLETE_CHECK_IN, command.actor.role)
    done = {*state.checks_done, command.step}
    state.checks_done = tuple(s for s in attempt.policy.check_in_steps if s in done)
    if command.object_name:
        state.identity_photo = command.object_name
    if set(attempt.policy.check_in_steps) <= done:
        step(state, Verb.COMPLETE_CHECK_IN, command.actor, now)
        state.awaiting_since, state.admission_escalated, state.send_back_reason = now, False, ""
        if attempt.policy.admission is Admission.AUTOMATIC:
            step(state, Verb.ADMIT, m.SYSTEM, now, "the exam admits automatically")


def _admit(attempt: m.AttemptInput, state: m.AttemptState, command: m.Admit, now: datetime) -> None:
    step(state, Verb.ADMIT, command.actor, now)
    state.awaiting_since = now


def _send_back(attempt: m.AttemptInput, state: m.AttemptState, command: m.SendBack, now: datetime) -> None:
    step(state, Verb.SEND_BACK, command.actor, now, command.reason, facts={"step": command.step})
    state.checks_done = tuple(s for s in state.checks_done if s is not command.step)
    state.send_back_reason, state.awaiting_since = command.reason, now


def _refuse(attempt: m.AttemptInput, state: m.AttemptState, command: m.Refuse, now: datetime) -> None:
    step(state, Verb.REFUSE, command.actor, now, command.reason)


def _start(attempt: m.AttemptInput, state: m.AttemptState, command: m.Start, now: datetime) -> None:
    ATTEMPT.target(state.phase, Verb.START, command.actor.role)
    if now < state.slot.starts_at:
        raise IllegalMove("the exam has not begun yet", starts_at=state.slot.starts_at)
    step(state, Verb.START, command.actor, now)
    factor = command.duration_factor
    state.clock = state.clock.start(now, allowed_time(attempt, factor) if factor is not None else None)


def _extend(attempt: m.AttemptInput, state: m.AttemptState, command: m.Extend, now: datetime) -> None:
    ATTEMPT.target(state.phase, Verb.EXTEND, command.actor.role)
    longer = state.clock.extend(command.by)
    begins = max(now, state.slot.starts_at)
    time = given(command.operation_id, state.clock, longer, command.by, begins, now)
    if not time.added and longer.cap is not None:
        said = "this exam ends with its slot; no time can be added, but an administrator can lift that end"
        raise IllegalMove(said, deadline_at=longer.cap)
    step(state, Verb.EXTEND, command.actor, now, command.reason, facts=facts_of(time, longer))
    state.clock, state.given = longer, time


def _pause(attempt: m.AttemptInput, state: m.AttemptState, command: m.Pause, now: datetime) -> None:
    step(state, Verb.PAUSE, command.actor, now, command.reason)
    stand_still(state, now)
    state.stopped_since, state.student_is_back, state.may_resume = now, False, False


def _come_back(attempt: m.AttemptInput, state: m.AttemptState, command: m.ComeBack, now: datetime) -> None:
    step(state, Verb.COME_BACK, command.actor, now)
    state.student_is_back = True
    _go_on_when_both_agree(state, now)


def _resume(attempt: m.AttemptInput, state: m.AttemptState, command: m.Resume, now: datetime) -> None:
    ATTEMPT.target(state.phase, Verb.RESUME, command.actor.role)
    state.may_resume = True
    _go_on_when_both_agree(state, now, command.actor)


def _go_on_when_both_agree(state: m.AttemptState, now: datetime, actor: m.Actor = m.SYSTEM) -> None:
    if state.student_is_back and state.may_resume:
        step(state, Verb.RESUME, actor, now)
        _go_on(state, now)


def _go_on(state: m.AttemptState, now: datetime) -> None:
    state.clock = state.clock.go_on(now)
    state.stopped_since, state.student_is_back, state.may_resume = None, False, False


def _submit(attempt: m.AttemptInput, state: m.AttemptState, command: m.Submit, now: datetime) -> None:
    ATTEMPT.target(state.phase, Verb.SUBMIT, command.actor.role)
    deadline = state.clock.deadline_at
    at = min(now, deadline) if deadline is not None else now
    step(state, Verb.SUBMIT, command.actor, at, command.reason)
    stand_still(state, at)
    state.submitted_at = at


def _terminate(attempt: m.AttemptInput, state: m.AttemptState, command: m.Terminate, now: datetime) -> None:
    step(state, Verb.TERMINATE, command.actor, now, command.reason)
    stand_still(state, now)
    state.stopped_since = now


def _reactivate(attempt: m.AttemptInput, state: m.AttemptState, command: m.Reactivate, now: datetime) -> None:
    step(state, Verb.REACTIVATE, command.actor, now, command.reason)
    _go_on(state, now)


def _void(attempt: m.AttemptInput, state: m.AttemptState, command: m.Void, now: datetime) -> None:
    was_sitting = state.phase in SITTING_PHASES
    step(state, Verb.VOID, command.actor, now, command.reason)
    if was_sitting:
        stand_still(state, now)


def _release(attempt: m.AttemptInput, state: m.AttemptState, command: m.ReleaseResult, now: datetime) -> None:
    RELEASE.target(state.release, ReleaseVerb.RELEASE, command.actor.role)
    if not is_settled(state):
        raise IllegalMove(
            f"{MARKING.words[state.marking]}, {INTEGRITY.words[state.integrity]}; both must be settled first"
        )
    if state.after.is_under_way:
        raise IllegalMove("a late answer was accepted and is being marked; release the result afterwards")
    step_release(state, ReleaseVerb.RELEASE, command.actor, now)
    state.released_at = now


def _appeal(attempt: m.AttemptInput, state: m.AttemptState, command: m.Appeal, now: datetime) -> None:
    RELEASE.target(state.release, ReleaseVerb.APPEAL, command.actor.role)
    if state.released_at is not None and now >= state.released_at + attempt.policy.appeal_window:
        raise IllegalMove("the time for an appeal is over")
    step_release(state, ReleaseVerb.APPEAL, command.actor, now)
    state.appeal_id, state.appeals = command.appeal_id, state.appeals + 1


def is_settled(state: m.AttemptState) -> bool:
    """Marks and integrity are decided, so a result may be released."""
    return state.marking in MARKING.final and state.integrity in INTEGRITY.final


RULES: dict[type[m.Command], Rule] = {
    m.Confirm: _confirm,
    m.Cancel: _cancel,
    m.MoveSlot: _move,
    m.BeginCheckIn: _begin_check_in,
    m.RecordCheckIn: _record_check_in,
    m.Admit: _admit,
    m.SendBack: _send_back,
    m.Refuse: _refuse,
    m.Start: _start,
    m.Extend: _extend,
    ReturnTime: return_time,
    m.Pause: _pause,
    m.ComeBack: _come_back,
    m.Resume: _resume,
    m.Submit: _submit,
    m.Terminate: _terminate,
    m.Reactivate: _reactivate,
    m.Void: _void,
    m.ReleaseResult: _release,
    m.Appeal: _appeal,
    LiftCap: lift_cap,
    AcceptLate: accept_late,
    Reopen: reopen,
}
