"""The exam itself: the clock, pauses, termination, handing in, and what is closed in which order."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schema import lifecycle as m
from schema.attempt import Phase, Verb
from schema.machine import ActorRole
from schema.outcome import Integrity, Marking
from tests.workflows.story import Story, eventually

HOUR = timedelta(hours=1)


async def test_starting_opens_window_and_feed_before_it_returns(story: Story) -> None:
    view = await story.go_to(Phase.IN_PROGRESS)

    window = story.world.windows[-1]
    assert window.is_open
    assert window.deadline_at == view.deadline_at
    assert window.deadline_at is not None
    assert window.started_at is not None
    assert window.deadline_at - window.started_at == HOUR
    assert story.world.opened_feeds == [story.attempt.attempt_id]


async def test_time_that_is_up_hands_in_at_the_deadlines_time(story: Story) -> None:
    view = await story.go_to(Phase.IN_PROGRESS)
    assert view.deadline_at is not None

    await story.pass_until(view.deadline_at)
    ended = await story.until_phase(Phase.SUBMITTED)
    await eventually(lambda: bool(story.world.closed_feeds))

    assert ended.submitted_at == view.deadline_at
    assert story.world.steps[-1].actor.role is ActorRole.TIMER or "submitted" in story.world.story
    assert story.world.windows[-1].is_open is False
    assert story.world.windows[-1].closed_at == view.deadline_at


async def test_more_time_moves_the_deadline(story: Story) -> None:
    before = await story.go_to(Phase.IN_PROGRESS)

    after = await story.do(m.Extend, by=timedelta(minutes=2), reason="power cut")
    assert before.deadline_at is not None
    await story.pass_until(before.deadline_at)
    during = await story.view()
    assert after.deadline_at is not None
    await story.pass_until(after.deadline_at)
    ended = await story.until_phase(Phase.SUBMITTED)

    assert after.deadline_at - before.deadline_at == timedelta(minutes=2)
    assert after.clock_version > before.clock_version
    assert during.phase is Phase.IN_PROGRESS
    assert ended.submitted_at == after.deadline_at
    assert "time_changed" in story.world.told


async def test_a_pause_ends_when_both_agree_and_gives_its_time_back(story: Story) -> None:
    before = await story.go_to(Phase.IN_PROGRESS)
    paused = await story.do(m.Pause, reason="fire alarm")
    await story.pass_time(timedelta(minutes=10))

    allowed = await story.do(m.Resume)
    back = await story.do(m.ComeBack)

    assert paused.deadline_at is None
    assert story.world.windows[1].stopped_at is not None
    assert (allowed.phase, allowed.may_resume) == (Phase.PAUSED, True)
    assert back.phase is Phase.IN_PROGRESS
    assert before.deadline_at is not None
    assert back.deadline_at is not None
    assert back.deadline_at - before.deadline_at >= timedelta(minutes=10)
    assert story.world.windows[-1].deadline_at == back.deadline_at


async def test_a_pause_too_long_hands_in(story: Story) -> None:
    await story.go_to(Phase.PAUSED)

    await story.pass_time(timedelta(hours=1, seconds=5))
    ended = await story.until_phase(Phase.SUBMITTED)

    submit = next(step for step in story.world.steps if step.verb == Verb.SUBMIT)
    assert submit.reason == "longest pause"
    assert ended.submitted_at == submit.at


async def test_terminated_then_reactivated(story: Story) -> None:
    await story.go_to(Phase.TERMINATED)
    await story.pass_time(timedelta(hours=2))

    view = await story.do(m.Reactivate, reason="the proctor was wrong")
    await story.until_told("terminated", "reactivated")

    assert view.phase is Phase.IN_PROGRESS
    assert view.deadline_at is not None
    assert view.deadline_at - story.attempt.slot.starts_at >= timedelta(hours=3)


async def test_terminated_for_good_is_handed_in_by_the_timer(story: Story) -> None:
    await story.go_to(Phase.TERMINATED)

    await story.pass_time(timedelta(hours=24, seconds=5))
    await story.until_phase(Phase.SUBMITTED)

    submit = next(step for step in story.world.steps if step.verb == Verb.SUBMIT)
    assert submit.reason == "reactivation window"
    assert submit.actor.role is ActorRole.TIMER


async def test_closing_comes_before_marking(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)

    view = await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.NONE)

    assert view.phase is Phase.SUBMITTED
    assert story.world.windows[-1].is_open is False
    assert story.world.closed_feeds == [story.attempt.attempt_id]
    assert story.world.published[0] == "monitoring_started"
    assert set(story.world.published[1:]) == {"marked round 1", "monitoring_stopped"}


async def test_voiding_during_the_exam_ends_monitoring_in_good_order(story: Story) -> None:
    await story.go_to(Phase.IN_PROGRESS)

    await story.do(m.Void, reason="wrong paper")
    outcome = await story.workflow.result()

    assert outcome.phase is Phase.VOIDED
    assert story.world.published == ["monitoring_started", "monitoring_stopped"]
    assert story.world.windows[-1].is_open is False
    assert story.world.closed_feeds == [story.attempt.attempt_id]
    assert story.world.holders == {}
    assert [report.phase for report in story.world.reports] == ["voided"]
    assert outcome.marking is Marking.PENDING


@pytest.mark.parametrize(
    "phase", [Phase.HELD, Phase.RESERVED, Phase.CHECKING_IN, Phase.ADMITTED, Phase.PAUSED, Phase.TERMINATED]
)
async def test_an_admin_voids_anywhere(story: Story, phase: Phase) -> None:
    await story.go_to(phase)

    view = await story.do(m.Void, reason="a mistake")
    outcome = await story.workflow.result()

    assert view.phase is Phase.VOIDED
    assert outcome.phase is Phase.VOIDED
    assert story.world.active == set()


async def test_two_incompatible_commands_at_once_one_wins(story: Story) -> None:
    await story.go_to(Phase.IN_PROGRESS)

    results = await asyncio.gather(
        story.do(m.Terminate, reason="left the room"), story.do(m.Submit), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, WorkflowUpdateFailedError)]
    assert len(refused) == 1
    assert len([step for step in story.world.story if step in {"terminated", "submitted"}]) == 1


async def test_the_same_operation_again_is_one(story: Story) -> None:
    await story.go_to(Phase.IN_PROGRESS)

    first = await story.do(m.Extend, by=timedelta(minutes=5), operation_id="extend-1", update_id="first")
    second = await story.do(m.Extend, by=timedelta(minutes=5), operation_id="extend-1", update_id="second")

    assert second == first


async def test_projections_are_complete_and_in_order(story: Story) -> None:
    await story.go_to(Phase.IN_PROGRESS)
    story.world.trouble["project"] = 3

    await asyncio.gather(
        *(story.do(m.Extend, by=timedelta(minutes=1), operation_id=f"extend-{n}") for n in range(6))
    )

    versions = [step.version for step in story.world.steps]
    assert versions == sorted(set(versions))
    assert [step.verb for step in story.world.steps].count("extend") == 6
    assert story.world.windows[-1].deadline_at == (await story.view()).deadline_at
