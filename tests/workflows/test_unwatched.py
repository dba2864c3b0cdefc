"""An attempt that was not watched: a person looks at it before its result is released, and reads why."""

import pytest

from activities.coverage.port import WatchedStream
from schema.attempt import Phase
from schema.coverage.account import CoverageAccount
from schema.coverage.figure import CoverageCause, StreamTail
from schema.coverage.run import Run
from schema.exam import ReleaseRule
from schema.outcome import Integrity, Release
from schema.review import IntegrityOutcome, IntegrityVerdict, ReviewKind
from tests.workflows.story import Story

CLEARED = IntegrityVerdict(
    outcome=IntegrityOutcome.CLEARED, reason="the student sat beside a colleague of mine"
)


def asked(story: Story, **policy: object) -> Story:
    """An attempt of an exam that releases by itself and asks to be watched."""
    story.with_policy(release=ReleaseRule.WHEN_READY, **policy)
    story.attempt = story.attempt.model_copy(update={"measures_coverage": True})
    return story


def watched_throughout(story: Story) -> WatchedStream:
    """A picture a second from long before the start to long after the end."""
    begin, end = story.now, story.now.replace(year=story.now.year + 1)
    seconds = int((end - begin).total_seconds())
    run = Run(begin, end, seconds, 1000)
    return WatchedStream(CoverageAccount(runs=(run,), frames=seconds, first_at=begin), StreamTail())


async def test_nothing_is_released_by_itself_from_an_attempt_that_nobody_watched(story: Story) -> None:
    await asked(story).go_to(Phase.SUBMITTED)

    state = await story.until(lambda seen: seen.integrity is Integrity.PENDING)
    (opened,) = [step for step in story.world.steps if step.machine == "integrity"]
    coverage = story.world.projections[-1].coverage

    assert (state.integrity, state.release) == (Integrity.PENDING, Release.WITHHELD)
    assert "0 % of the exam was watched, 90 % is asked for" in opened.reason
    assert "no picture was ever sent" in opened.reason
    assert coverage is not None
    assert [one.cause for one in coverage.missing] == [CoverageCause.NEVER_STREAMED]


async def test_a_person_clears_it_and_the_result_is_released(story: Story) -> None:
    await asked(story).go_to(Phase.SUBMITTED)
    await story.decide(ReviewKind.INTEGRITY, CLEARED)
    outcome = await story.workflow.result()

    assert (outcome.integrity, outcome.release) == (Integrity.CLEARED, Release.ARCHIVED)


async def test_an_attempt_that_was_watched_opens_nothing(story: Story) -> None:
    story.world.streams[story.attempt.attempt_id] = watched_throughout(story)
    await asked(story).go_to(Phase.SUBMITTED)
    outcome = await story.workflow.result()
    coverage = story.world.projections[-1].coverage

    assert (outcome.integrity, outcome.release) == (Integrity.NONE, Release.ARCHIVED)
    assert coverage is not None
    assert coverage.percent == 100


@pytest.mark.parametrize("is_older", [True, False])
async def test_who_does_not_ask_is_not_asked(story: Story, is_older: bool) -> None:
    asked(story, coverage_minimum=90.0 if is_older else 0.0)
    story.attempt = story.attempt.model_copy(update={"measures_coverage": not is_older})
    await story.go_to(Phase.SUBMITTED)

    assert (await story.workflow.result()).integrity is Integrity.NONE


async def test_measuring_that_fails_is_tried_until_it_is_done(story: Story) -> None:
    story.world.trouble["coverage"] = 3
    await asked(story).go_to(Phase.SUBMITTED)
    opened = await story.until(lambda seen: seen.integrity is not Integrity.UNDETERMINED)

    assert opened.integrity is Integrity.PENDING
