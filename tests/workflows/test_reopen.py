"""An attempt that was handed in goes on: at whatever moment it is reopened, and is decided again afterwards."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schema import lifecycle as m
from schema.aftermath.reopen import Reopen
from schema.attempt import Phase
from schema.exam import ReleaseRule
from schema.ids import new_id
from schema.incident import SEVERITY, IncidentKind, IncidentSignal
from schema.machine import ActorRole
from schema.outcome import Integrity, Marking, Release
from schema.review import IntegrityOutcome, IntegrityVerdict, ReviewKind, ReviewStage
from tests.workflows.story import Story, essay_verdict, eventually

WHY = "the mouse slipped"
CLEARED = IntegrityVerdict(outcome=IntegrityOutcome.CLEARED, reason="a brother came in and left")


def incident(story: Story) -> IncidentSignal:
    kind = IncidentKind.MULTIPLE_FACES
    return IncidentSignal(
        incident_id=new_id(),
        kind=kind,
        severity=SEVERITY[kind],
        confidence=0.9,
        started_at=story.now,
    )


async def hand_in_again(story: Story) -> m.AttemptView:
    await eventually(lambda: bool(story.world.reopened_feeds))
    await story.do(m.Submit)
    return await story.until(
        lambda seen: (
            seen.phase is Phase.SUBMITTED and seen.marking is Marking.MARKED and seen.integrity in DONE
        )
    )


DONE = frozenset({Integrity.NONE, Integrity.CLEARED})


async def test_at_once_after_a_slip_with_the_time_that_was_left(story: Story) -> None:
    before = await story.go_to(Phase.IN_PROGRESS)
    submitted = await story.do(m.Submit)

    reopened = await story.do(Reopen, reason=WHY)

    assert (reopened.phase, reopened.submitted_at) == (Phase.IN_PROGRESS, None)
    assert before.deadline_at is not None
    assert reopened.deadline_at is not None
    assert submitted.submitted_at is not None
    assert timedelta(0) <= reopened.deadline_at - before.deadline_at < timedelta(minutes=1)
    assert story.world.windows[-1].is_open
    await hand_in_again(story)
    await story.do(m.ReleaseResult)
    assert story.world.told.count("submitted") == 2
    assert story.world.told.count("reactivated") == 1


async def test_while_graders_and_reviewers_are_awaited(story: Story) -> None:
    """Nobody is asked any more for what was handed in first."""
    story.world.manual, story.world.incidents = (new_id(),), (incident(story),)
    await story.go_to(Phase.SUBMITTED)
    essay = await story.open_review(ReviewKind.ESSAY)
    integrity = await story.open_review(ReviewKind.INTEGRITY)

    reopened = await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)

    assert reopened.given is not None
    assert reopened.given.added == timedelta(minutes=10)
    withdrawn = (essay.review.review_id, integrity.review.review_id)
    await eventually(
        lambda: all(story.world.reviews[one][-1].stage is ReviewStage.WITHDRAWN for one in withdrawn)
    )
    view = await story.view()
    assert (view.marking, view.integrity) == (Marking.PENDING, Integrity.UNDETERMINED)
    await eventually(lambda: bool(story.world.reopened_feeds))
    await story.do(m.Submit)
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    await story.decide(ReviewKind.INTEGRITY, CLEARED)
    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.CLEARED)


async def test_once_everything_is_settled(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()

    await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)
    await hand_in_again(story)
    await story.do(m.ReleaseResult)

    marked = [what for what in story.world.published if what.startswith("marked")]
    assert marked == ["marked round 1", "marked round 2"]


async def test_what_was_cleared_is_not_asked_again(story: Story) -> None:
    story.world.incidents = (incident(story),)
    await story.go_to(Phase.SUBMITTED)
    await story.decide(ReviewKind.INTEGRITY, CLEARED)
    await story.until_settled()

    await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)
    view = await hand_in_again(story)

    assert view.integrity is Integrity.NONE


async def test_the_deadline_of_a_reopened_attempt_hands_it_in(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()

    reopened = await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)
    await eventually(lambda: bool(story.world.reopened_feeds))
    assert reopened.deadline_at is not None
    await story.pass_until(reopened.deadline_at)

    view = await story.until_phase(Phase.SUBMITTED)
    assert view.submitted_at == reopened.deadline_at


async def test_it_can_be_reopened_again_and_again(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    for again in range(1, 4):
        await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)
        await eventually(lambda again=again: len(story.world.reopened_feeds) == again)  # type: ignore[misc]
        await story.do(m.Submit)

    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.NONE)


async def test_two_people_where_the_exam_wants_them(story: Story) -> None:
    await story.with_policy(reopen_needs_second_person=True).go_to(Phase.SUBMITTED)
    await story.until_settled()
    asked = await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)
    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(Reopen, time=timedelta(minutes=10), reason=WHY)

    story.people[ActorRole.ADMIN] = new_id()
    agreed = await story.do(Reopen, time=timedelta(minutes=30), reason="yes")

    assert (asked.phase, asked.reopen_asked is not None) == (Phase.SUBMITTED, True)
    assert (agreed.phase, agreed.reopen_asked) == (Phase.IN_PROGRESS, None)
    assert agreed.given is not None
    assert agreed.given.asked == timedelta(minutes=10)


async def test_without_time_left_it_must_be_said_how_much_is_given(story: Story) -> None:
    view = await story.go_to(Phase.IN_PROGRESS)
    assert view.deadline_at is not None
    await story.pass_until(view.deadline_at)
    await story.until_phase(Phase.SUBMITTED)

    with pytest.raises(WorkflowUpdateFailedError):
        await story.do(Reopen, reason=WHY)


async def test_after_the_release_and_by_others_it_is_refused(story: Story) -> None:
    await story.with_policy(release=ReleaseRule.WHEN_READY).go_to(Phase.SUBMITTED)
    await story.until(lambda seen: seen.release is Release.RELEASED)

    for role in (ActorRole.ADMIN, ActorRole.PROCTOR, ActorRole.STUDENT):
        with pytest.raises(WorkflowUpdateFailedError):
            await story.do(Reopen, role=role, time=timedelta(minutes=10), reason=WHY)
