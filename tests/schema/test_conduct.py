"""What commands do beyond the tables, and every command in every phase by every role."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from schema import conduct as c
from schema import lifecycle as m
from schema.attempt import ATTEMPT, FINAL_PHASES, OPEN_PHASES, SITTING_PHASES, Phase, Verb
from schema.exam import Admission, CheckInStep, ExamPolicy
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.machine import ActorRole, IllegalMove
from schema.outage.giving import ReturnTime
from schema.outage.interval import Interval
from schema.outage.wait import no_show_at, rings_at
from schema.outcome import RELEASE, Integrity, Marking, Release, ReleaseVerb

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
STARTS = NOW + timedelta(days=2)
AT_THE_DOOR = STARTS + timedelta(minutes=1)

VERBS: dict[type[m.Command], Verb] = {
    m.Confirm: Verb.CONFIRM,
    m.Cancel: Verb.CANCEL,
    m.MoveSlot: Verb.MOVE,
    m.BeginCheckIn: Verb.BEGIN_CHECK_IN,
    m.RecordCheckIn: Verb.COMPLETE_CHECK_IN,
    m.Admit: Verb.ADMIT,
    m.SendBack: Verb.SEND_BACK,
    m.Refuse: Verb.REFUSE,
    m.Start: Verb.START,
    m.Extend: Verb.EXTEND,
    ReturnTime: Verb.RETURN_TIME,
    m.Pause: Verb.PAUSE,
    m.ComeBack: Verb.COME_BACK,
    m.Resume: Verb.RESUME,
    m.Submit: Verb.SUBMIT,
    m.Terminate: Verb.TERMINATE,
    m.Reactivate: Verb.REACTIVATE,
    m.Void: Verb.VOID,
}
FIELDS: dict[type[m.Command], dict[str, Any]] = {
    m.RecordCheckIn: {"step": CheckInStep.CONSENT},
    m.SendBack: {"step": CheckInStep.CAMERA, "reason": "dark"},
    m.Extend: {"by": timedelta(minutes=2)},
    ReturnTime: {
        "lost": Interval(start=STARTS, end=STARTS + timedelta(seconds=30)),
        "cause": "the database did not answer",
    },
    m.Appeal: {"appeal_id": new_id()},
    **{kind: {"reason": "because"} for kind in (m.Refuse, m.Pause, m.Terminate, m.Reactivate, m.Void)},
}


def slot(starts_at: datetime = STARTS) -> m.SlotWindow:
    return m.SlotWindow(slot_id=new_id(), starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))


def attempt(**policy: Any) -> m.AttemptInput:
    return m.AttemptInput(
        attempt_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        exam_version=1,
        student_id=new_id(),
        slot=slot(),
        policy=ExamPolicy(**policy),
        seed=1,
        rules_version="1",
        model_version="none",
    )


def command(kind: type[m.Command], role: ActorRole, **fields: Any) -> m.Command:
    facts = {**FIELDS.get(kind, {}), **fields}
    if kind is m.MoveSlot and "slot" not in facts:
        facts["slot"] = slot(STARTS + timedelta(days=3))
    return kind(operation_id=str(new_id()), actor=m.Actor(role=role, person_id=new_id()), **facts)


def state_in(exam: m.AttemptInput, phase: Phase) -> m.AttemptState:
    """A state as it is in this phase."""
    state = c.new_state(exam, NOW)
    state.phase = phase
    state.checks_done = tuple(CheckInStep)[:-1] if phase is Phase.CHECKING_IN else tuple(CheckInStep)
    if phase in {Phase.IN_PROGRESS, Phase.PAUSED, Phase.TERMINATED}:
        state.clock = state.clock.start(STARTS)
    if phase in {Phase.PAUSED, Phase.TERMINATED}:
        state.clock, state.stopped_since = state.clock.stop(AT_THE_DOOR), AT_THE_DOOR
        state.student_is_back = True
    return state


def moment(kind: type[m.Command], phase: Phase) -> datetime:
    """When the command is in its window, so that only phase and role decide."""
    early = {m.Confirm, m.Cancel, m.MoveSlot}
    return NOW + timedelta(minutes=1) if kind in early or phase is Phase.HELD else AT_THE_DOOR


@pytest.mark.parametrize("role", list(ActorRole))
@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("kind", list(VERBS))
def test_every_command_in_every_phase_by_every_role(
    kind: type[m.Command], phase: Phase, role: ActorRole
) -> None:
    exam = attempt()
    state = state_in(exam, phase)
    allowed = any(
        move.source is phase and move.verb is VERBS[kind] and role in move.actors for move in ATTEMPT.moves
    )
    if kind is ReturnTime:  # of the clock, which has to run first; of a timer, see below
        allowed = allowed and phase in SITTING_PHASES
    before = state.model_copy()

    if allowed:
        c.conduct(exam, state, command(kind, role), moment(kind, phase))
        assert state.version > before.version
    else:
        with pytest.raises(IllegalMove, match=ATTEMPT.words[phase]):
            c.conduct(exam, state, command(kind, role), moment(kind, phase))
        assert state == before


@pytest.mark.parametrize("phase", sorted(OPEN_PHASES))
def test_a_timer_gets_back_what_it_lost_once(phase: Phase) -> None:
    exam = attempt()
    state = state_in(exam, phase)
    state.awaiting_since = AT_THE_DOOR
    before = rings_at(exam, state)
    half = timedelta(seconds=30)
    start = (before or AT_THE_DOOR) - 2 * half
    lost = [Interval(start=start, end=start + half), Interval(start=start + half / 2, end=start + 2 * half)]

    for one in lost:
        given = command(ReturnTime, ActorRole.SYSTEM).model_copy(update={"is_wait": True, "lost": one})
        if phase is Phase.IN_PROGRESS:
            with pytest.raises(IllegalMove, match="is over"):
                c.conduct(exam, state, given, start)
        else:
            c.conduct(exam, state, given, start)
    again = command(ReturnTime, ActorRole.SYSTEM).model_copy(update={"is_wait": True, "lost": lost[0]})
    with pytest.raises(IllegalMove):
        c.conduct(exam, state, again, start)

    if before is not None:
        assert rings_at(exam, state) == before + 2 * half
    assert {move.verb for move in state.steps} <= {Verb.RETURN_TIME}


def test_a_hold_that_is_over_cannot_be_confirmed() -> None:
    exam = attempt()
    state = c.new_state(exam, NOW)

    with pytest.raises(IllegalMove, match="reserve again"):
        c.conduct(exam, state, command(m.Confirm, ActorRole.STUDENT), state.hold_until)


@pytest.mark.parametrize(
    ("kind", "phase", "at", "why"),
    [
        (m.Cancel, Phase.RESERVED, STARTS - timedelta(hours=23), "too late to cancel"),
        (m.MoveSlot, Phase.RESERVED, STARTS - timedelta(hours=23), "too late to move"),
        (m.BeginCheckIn, Phase.RESERVED, STARTS - timedelta(minutes=31), "not open yet"),
        (m.Start, Phase.ADMITTED, STARTS - timedelta(seconds=1), "not begun yet"),
    ],
)
def test_outside_its_window_a_command_is_refused(
    kind: type[m.Command], phase: Phase, at: datetime, why: str
) -> None:
    exam = attempt()

    with pytest.raises(IllegalMove, match=why):
        c.conduct(exam, state_in(exam, phase), command(kind, ActorRole.STUDENT), at)


def test_moving_to_a_slot_that_is_over_is_refused() -> None:
    exam = attempt()
    past = command(m.MoveSlot, ActorRole.STUDENT, slot=slot(NOW - timedelta(days=1)))

    with pytest.raises(IllegalMove, match="that slot is over"):
        c.conduct(exam, state_in(exam, Phase.RESERVED), past, NOW)


def test_the_same_operation_changes_nothing_twice() -> None:
    exam = attempt()
    state = state_in(exam, Phase.IN_PROGRESS)
    extend = command(m.Extend, ActorRole.PROCTOR)

    c.conduct(exam, state, extend, AT_THE_DOOR)
    once = state.model_copy()
    c.conduct(exam, state, extend, AT_THE_DOOR)

    assert state == once


def test_a_check_in_step_is_a_new_version_without_a_move() -> None:
    exam = attempt()
    state = state_in(exam, Phase.CHECKING_IN)
    state.checks_done = ()

    c.conduct(exam, state, command(m.RecordCheckIn, ActorRole.STUDENT), AT_THE_DOOR)

    assert (state.version, state.steps, state.phase) == (1, (), Phase.CHECKING_IN)


def test_the_last_step_admits_where_the_exam_says_so() -> None:
    exam = attempt(admission=Admission.AUTOMATIC)
    state = state_in(exam, Phase.CHECKING_IN)

    c.conduct(exam, state, command(m.RecordCheckIn, ActorRole.STUDENT), AT_THE_DOOR)

    assert state.phase is Phase.ADMITTED
    assert [step.actor.role for step in state.steps] == [ActorRole.STUDENT, ActorRole.SYSTEM]


def test_who_is_sent_back_late_gets_time_to_do_it_again() -> None:
    exam = attempt()
    late = STARTS + exam.policy.no_show_after + timedelta(minutes=5)
    state = state_in(exam, Phase.AWAITING_ADMISSION)

    c.conduct(exam, state, command(m.SendBack, ActorRole.PROCTOR), late)

    assert no_show_at(exam, state) == late + exam.policy.no_show_after


def test_handing_in_after_the_deadline_counts_at_the_deadline() -> None:
    exam = attempt()
    state = state_in(exam, Phase.IN_PROGRESS)
    deadline = state.clock.deadline_at
    assert deadline is not None

    c.conduct(exam, state, command(m.Submit, ActorRole.STUDENT), deadline + timedelta(minutes=3))

    assert state.submitted_at == deadline


def test_more_time_that_the_slots_end_would_swallow_is_refused() -> None:
    exam = attempt(cap_at_slot_end=True, duration=timedelta(hours=4))
    state = state_in(exam, Phase.IN_PROGRESS)
    clock = state.clock

    with pytest.raises(IllegalMove, match="ends with its slot"):
        c.conduct(exam, state, command(m.Extend, ActorRole.PROCTOR), AT_THE_DOOR)

    assert (state.clock, state.steps) == (clock, ())


def test_an_accommodation_lengthens_the_exam() -> None:
    exam = attempt().model_copy(update={"duration_factor": Decimal("1.25")})

    assert c.new_state(exam, NOW).clock.allowed == timedelta(minutes=75)


def settled(**changes: Any) -> m.AttemptState:
    state = state_in(attempt(), Phase.SUBMITTED)
    state.marking, state.integrity = Marking.MARKED, Integrity.NONE
    for name, value in changes.items():
        setattr(state, name, value)
    return state


@pytest.mark.parametrize("role", list(ActorRole))
@pytest.mark.parametrize("release", list(Release))
@pytest.mark.parametrize(
    ("kind", "verb", "roles"),
    [
        (m.ReleaseResult, ReleaseVerb.RELEASE, {ActorRole.ADMIN, ActorRole.SYSTEM}),
        (m.Appeal, ReleaseVerb.APPEAL, {ActorRole.STUDENT}),
    ],
)
def test_release_and_appeal_by_whom_and_when(
    kind: type[m.Command], verb: ReleaseVerb, roles: set[ActorRole], release: Release, role: ActorRole
) -> None:
    source = {ReleaseVerb.RELEASE: Release.WITHHELD, ReleaseVerb.APPEAL: Release.RELEASED}[verb]
    state = settled(release=release, released_at=NOW)
    allowed = release is source and role in roles

    if allowed:
        c.conduct(attempt(), state, command(kind, role), NOW)
        assert state.release is not release
    else:
        with pytest.raises(IllegalMove, match=RELEASE.words[release]):
            c.conduct(attempt(), state, command(kind, role), NOW)


@pytest.mark.parametrize(
    "unsettled", [{"marking": Marking.AWAITING_GRADERS}, {"integrity": Integrity.PENDING}]
)
def test_nothing_is_released_before_it_is_settled(unsettled: dict[str, Any]) -> None:
    with pytest.raises(IllegalMove, match="both must be settled first"):
        c.conduct(attempt(), settled(**unsettled), command(m.ReleaseResult, ActorRole.ADMIN), NOW)


def test_an_appeal_has_a_window() -> None:
    state = settled(release=Release.RELEASED, released_at=NOW)

    with pytest.raises(IllegalMove, match="the time for an appeal is over"):
        c.conduct(attempt(), state, command(m.Appeal, ActorRole.STUDENT), NOW + timedelta(days=14))


def test_only_so_many_operations_are_remembered() -> None:
    exam = attempt()
    state = state_in(exam, Phase.IN_PROGRESS)

    for _ in range(c.APPLIED_KEPT + 5):
        c.conduct(exam, state, command(m.Extend, ActorRole.PROCTOR), AT_THE_DOOR)

    assert len(state.applied) == c.APPLIED_KEPT


def test_phases_are_open_or_final() -> None:
    assert set(Phase) == OPEN_PHASES | FINAL_PHASES
    assert not OPEN_PHASES & FINAL_PHASES


def test_time_that_the_platform_took_is_given_back_once_with_its_reason() -> None:
    exam = attempt()
    state = state_in(exam, Phase.IN_PROGRESS)
    before = state.clock.deadline_at
    assert before is not None

    c.conduct(exam, state, command(ReturnTime, ActorRole.SYSTEM), AT_THE_DOOR)
    c.conduct(exam, state, command(ReturnTime, ActorRole.SYSTEM), AT_THE_DOOR)

    first, second = state.steps[-2:]
    assert state.clock.deadline_at == before + timedelta(seconds=30)
    assert first.returned is not None
    assert second.returned is not None
    assert (first.returned.lost, first.returned.added) == (timedelta(seconds=30), timedelta(seconds=30))
    assert (second.returned.lost, second.returned.added) == (timedelta(0), timedelta(0))
    assert "(the database did not answer): 30 s given back" in first.reason
    assert second.returned.why_less


def test_an_exam_that_ends_with_its_slot_says_why_less_was_given_back() -> None:
    exam = attempt(cap_at_slot_end=True, duration=timedelta(hours=2, minutes=59, seconds=50))
    state = state_in(exam, Phase.IN_PROGRESS)

    c.conduct(exam, state, command(ReturnTime, ActorRole.SYSTEM), AT_THE_DOOR)

    returned = state.steps[-1].returned
    assert returned is not None
    assert (returned.lost, returned.added) == (timedelta(seconds=30), timedelta(seconds=10))
    assert "ends with its slot" in returned.why_less
    assert returned.why_less in state.steps[-1].reason


def test_what_was_lost_before_a_stop_counts_when_it_goes_on() -> None:
    exam = attempt()
    state = state_in(exam, Phase.TERMINATED)

    c.conduct(exam, state, command(ReturnTime, ActorRole.SYSTEM), AT_THE_DOOR + timedelta(hours=1))
    c.conduct(exam, state, command(m.Reactivate, ActorRole.ADMIN), AT_THE_DOOR + timedelta(hours=2))

    left = exam.policy.duration - timedelta(minutes=1) + timedelta(seconds=30)
    assert state.clock.deadline_at == AT_THE_DOOR + timedelta(hours=2) + left
