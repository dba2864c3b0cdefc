"""The platform owes what it took: given back once, before a deadline closes anything, and told to the student."""

from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schema import lifecycle as m
from schema.attempt import Phase, Verb
from schema.machine import ActorRole
from schema.outage.giving import ReturnTime
from schema.outage.interval import Interval
from schema.outage.task import Loss
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
    story.world.losses = [
        Loss(attempt_id=story.attempt.attempt_id, silence=silence(before - FIVE), cause="process")
    ]
    story.world.trouble["settle"] = 2  # nobody serves the attempt yet

    await story.pass_until(before)
    moved = await story.until(lambda seen: seen.deadline_at != before)

    assert moved.phase is Phase.IN_PROGRESS
    assert deadline_of(moved) == before + FIVE
    story.world.losses.clear()
    await story.pass_until(deadline_of(moved))
    ended = await story.until_phase(Phase.SUBMITTED)
    assert ended.submitted_at == before + FIVE
    await eventually(lambda: story.world.settlements.count(story.attempt.attempt_id) == 2)


async def test_after_the_end_nothing_is_given_back(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)

    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(ReturnTime, lost=silence(story.now), cause="process")

    assert Verb.RETURN_TIME not in [step.verb for step in story.world.steps]
