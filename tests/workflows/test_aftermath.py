"""After the end: late answers that a person accepts are marked by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate, LateRevision
from schema.attempt import Phase
from schema.exam import ReleaseRule
from schema.ids import new_id
from schema.machine import ActorRole
from schema.outcome import Integrity, Marking, Release
from schema.review import ReviewKind
from tests.workflows.story import Story, essay_verdict

REVISION = LateRevision(question_id=new_id(), epoch=1, revision=7)
WHY: dict[str, Any] = {"revision": REVISION, "reason": "the school's network was down"}


def rounds(story: Story) -> list[str]:
    return [what for what in story.world.published if what.startswith("marked round")]


async def test_a_late_answer_that_is_accepted_is_marked_by_itself(story: Story) -> None:
    """Also where all marking is automatic."""
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()
    assert rounds(story) == ["marked round 1"]

    await story.do(AcceptLate, **WHY)
    await story.until(lambda seen: seen.marking is Marking.MARKED and len(rounds(story)) == 2)
    await story.do(m.ReleaseResult)

    (accepted,) = story.world.accepted
    assert (accepted.revision, accepted.by) == (REVISION, story.people[ActorRole.ADMIN])
    assert rounds(story) == ["marked round 1", "marked round 2"]


async def test_accepting_twice_marks_once(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()

    for update_id in ("first", "second"):
        await story.do(AcceptLate, operation_id="the-same", update_id=update_id, **WHY)
    await story.until(lambda seen: seen.marking is Marking.MARKED and len(rounds(story)) == 2)

    assert len(story.world.accepted) == 1


async def test_while_graders_are_awaited_a_new_round_follows_theirs(story: Story) -> None:
    story.world.manual = (new_id(),)
    await story.go_to(Phase.SUBMITTED)
    await story.open_review(ReviewKind.ESSAY)

    await story.do(AcceptLate, **WHY)
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    await story.decide(ReviewKind.ESSAY, essay_verdict())

    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.NONE)
    assert rounds(story) == ["marked round 1", "marked round 2"]


async def test_where_nothing_is_late_nothing_changes(story: Story) -> None:
    story.world.late_answers = 0
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()

    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(AcceptLate, within=timedelta(minutes=5), reason="the network was down")

    assert (await story.do(m.ReleaseResult)).release is Release.RELEASED
    assert rounds(story) == ["marked round 1"]


async def test_after_the_release_it_is_refused(story: Story) -> None:
    await story.with_policy(release=ReleaseRule.WHEN_READY).go_to(Phase.SUBMITTED)
    await story.until(lambda seen: seen.release is Release.RELEASED)

    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(AcceptLate, **WHY)

    assert story.world.accepted == []


async def test_only_an_admin_accepts(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()

    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(AcceptLate, role=ActorRole.PROCTOR, **WHY)
