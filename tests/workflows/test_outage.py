"""The platform owes what it took: given back once, before a deadline closes anything, and told to the student."""

from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schema import lifecycle as m
from schema.attempt import Phase, Verb
from schema.machine import ActorRole
from schema.outage.giving import ReturnTime
from schema.outage.interval import Interval
from tests.workflows.story import Story, eventually

FIVE = timedelta(minutes=5)


def silence(begins: datetime, length: timedelta = FIVE) -> Interval:
    return Interval(start=begins, end=begins + length)


def deadline_of(view: m.AttemptView) -> datetime:
    assert view.deadline_at is not None
    return view.deadline_at


async def test_time_is_given_back_once_and_the_student_is_told(story: Story) -> None:
    before = await story.go_to(Phase.IN_PROGRESS)
    await story.pass_time(timedelta(minutes=10))
    begins = deadline_of(before) - timedelta(minutes=59)

    first = await story.do(ReturnTime, lost=silence(begins), cause="database", operation_id="outage:1")
    again = await story.do(
        ReturnTime, lost=silence(begins), cause="database", operation_id="outage:1", update_id="again"
    )
    overlapping = await story.do(ReturnTime, lost=silence(begins + FIVE / 2), cause="temporal")
    await story.until_told("time_changed")

    assert deadline_of(first) - deadline_of(before) == FIVE
    assert again == first
    assert deadline_of(overlapping) - deadline_of(before) == FIVE * 1.5
    told = [notice for notice in story.world.notices if notice.occasion == "time_changed"]
    assert (told[0].facts["change"], told[0].facts["seconds"]) == ("returned", "300")
    assert "database" in told[0].facts["reason"]
    moves = [step for step in story.world.steps if step.verb == Verb.RETURN_TIME]
    assert [step.actor.role for step in moves] == [ActorRole.SYSTEM] * 2


async def test_only_the_system_gives_back(story: Story) -> None:
    before = await story.go_to(Phase.IN_PROGRESS)

    for role in (ActorRole.STUDENT, ActorRole.PROCTOR, ActorRole.ADMIN):
        with pytest.raises(WorkflowUpdateFailedError):
            await story.do(ReturnTime, role=role, lost=silence(deadline_of(before)), cause="a wish")

    assert await story.view() == before


async def test_a_deadline_within_an_outage_does_not_hand_in(story: Story) -> None:
    before = deadline_of(await story.go_to(Phase.IN_PROGRESS))
    story.world.silences = [silence(before - FIVE)]
    story.world.trouble["settle"] = 2  # nobody serves the attempt yet

    await story.pass_until(before)
    moved = await story.until(lambda seen: seen.deadline_at != before)

    assert moved.phase is Phase.IN_PROGRESS
    assert deadline_of(moved) == before + FIVE
    await story.pass_until(deadline_of(moved))
    ended = await story.until_phase(Phase.SUBMITTED)
    assert ended.submitted_at == before + FIVE
    await eventually(lambda: story.world.settlements.count(story.attempt.attempt_id) == 2)


async def test_after_the_end_nothing_is_given_back(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)

    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(ReturnTime, lost=silence(story.now), cause="process")

    assert Verb.RETURN_TIME not in [step.verb for step in story.world.steps]


async def test_a_hold_that_ran_out_in_an_outage_is_kept(story: Story) -> None:
    held = await story.reserve()
    story.world.silences = [silence(held.hold_until - FIVE)]

    await story.pass_until(held.hold_until)
    kept = await story.until(lambda seen: seen.hold_until != held.hold_until)
    confirmed = await story.do(m.Confirm)
    await story.until_told("time_changed", "reserved")

    assert FIVE <= kept.hold_until - held.hold_until <= FIVE + timedelta(seconds=1)  # whole seconds
    assert confirmed.phase is Phase.RESERVED
    (move,) = [step for step in story.world.steps if step.verb == Verb.RETURN_TIME]
    assert (move.source, move.actor.role) == (Phase.HELD, ActorRole.SYSTEM)
    assert "the seat is held until" in move.reason
    (told,) = [one for one in story.world.notices if one.occasion == "time_changed"]
    assert told.facts["kept_until"] == kept.hold_until.isoformat()


async def test_a_command_that_comes_before_the_timer_finds_the_hold_kept(story: Story) -> None:
    held = await story.reserve()
    story.world.silences = [silence(held.hold_until - FIVE)]
    story.world.trouble["settle"] = 2  # the timer is not settled yet when the command comes

    await story.pass_until(held.hold_until)
    confirmed = await story.do(m.Confirm)

    assert confirmed.phase is Phase.RESERVED


async def test_a_hold_expires_of_itself_where_the_platform_served(story: Story) -> None:
    held = await story.reserve()
    story.world.silences = [silence(held.hold_until - 4 * FIVE)]  # before it was held

    assert (await story.workflow.result()).phase is Phase.EXPIRED
    assert story.world.steps[-1].at == held.hold_until


@pytest.mark.parametrize("phase", [Phase.RESERVED, Phase.CHECKING_IN, Phase.ADMITTED])
async def test_nobody_is_absent_because_of_an_outage(story: Story, phase: Phase) -> None:
    """Away for hours, as long as the student could have come."""
    hours = timedelta(hours=5)
    await story.with_policy(no_show_after=hours).go_to(phase)
    starts = story.attempt.slot.starts_at
    story.world.silences = [silence(starts + FIVE, hours - FIVE)]

    await story.pass_until(starts + hours + FIVE)
    await story.until(lambda _: any(step.verb == Verb.RETURN_TIME for step in story.world.steps))
    still = await story.view()
    ended = await story.workflow.result()

    assert (still.phase, ended.phase) == (phase, Phase.NO_SHOW)
    absent = next(step.at for step in story.world.steps if step.verb == Verb.MARK_NO_SHOW)
    assert absent >= starts + hours + (hours - FIVE)


@pytest.mark.parametrize(
    ("phase", "policy"), [(Phase.PAUSED, "longest_pause"), (Phase.TERMINATED, "reactivation_window")]
)
async def test_an_outage_does_not_eat_the_time_in_which_people_can_help(
    story: Story, phase: Phase, policy: str
) -> None:
    length: timedelta = getattr(story.attempt.policy, policy)
    await story.go_to(phase)
    stopped = story.world.windows[-1].stopped_at
    assert stopped is not None
    away = length - 2 * FIVE
    story.world.silences = [silence(stopped + FIVE, away)]

    await story.pass_until(stopped + length)
    await story.until(lambda _: any(step.verb == Verb.RETURN_TIME for step in story.world.steps))
    await story.pass_until(stopped + length + away)
    ended = await story.until_phase(Phase.SUBMITTED)

    assert ended.submitted_at is not None
    assert timedelta(0) <= ended.submitted_at - (stopped + length + away) < 2 * timedelta(seconds=1)
    moves = [step for step in story.world.steps if step.verb == Verb.RETURN_TIME]
    assert [step.source for step in moves] == [phase]


async def test_who_waits_for_a_seat_waits_on_after_an_outage(story: Story) -> None:
    story.world.seats[story.attempt.slot.slot_id] = 0
    story.attempt = story.attempt.model_copy(update={"may_wait": True})
    await story.reserve()
    starts = story.attempt.slot.starts_at
    story.world.silences = [silence(starts - FIVE)]

    await story.pass_until(starts)
    await story.until(lambda _: any(step.verb == Verb.RETURN_TIME for step in story.world.steps))

    assert (await story.workflow.result()).phase is Phase.EXPIRED
    assert story.world.steps[-1].at == starts + FIVE
