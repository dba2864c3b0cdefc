"""ReviewBook: a review is asked for once and its decision told once."""

from uuid import UUID

import pytest

from schema.events import Source
from schema.failures import Failure, FailureType
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.review import (
    IntegrityOutcome,
    IntegrityVerdict,
    ReviewInput,
    ReviewKind,
    ReviewStage,
    ReviewState,
)
from tests.contracts.builder import HOUR, NOON, a_window
from tests.contracts.world import World, told, topics


def a_review(attempt_id: UUID) -> ReviewState:
    review = ReviewInput(
        review_id=new_id(),
        attempt_id=attempt_id,
        exam_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        kind=ReviewKind.INTEGRITY,
        subject="integrity:1",
    )
    return ReviewState(review=review, opened_at=NOON, remind_at=NOON + HOUR, escalate_at=NOON + HOUR)


def decided(state: ReviewState) -> ReviewState:
    return state.model_copy(
        update={
            "stage": ReviewStage.DECIDED,
            "decided_by": new_id(),
            "decided_at": NOON + HOUR,
            "verdict": IntegrityVerdict(outcome=IntegrityOutcome.CLEARED, reason="a cat"),
            "version": 2,
        }
    )


async def test_a_review_is_asked_for_and_decided_once(world: World) -> None:
    attempt_id = new_id()
    window = a_window(attempt_id)
    await world.books.windows.project(window)
    review = a_review(attempt_id)
    ready = decided(review)

    for state in (review, review, ready, ready):
        await world.books.reviews.project(state)

    assert await topics(world, Source.CORRECTIONS) == ["manual_review_required", "review_decided"]
    asked, told_of = await told(world, Source.CORRECTIONS)
    assert asked.student_id == window.student_id
    assert told_of.data["outcome"] == "cleared"
    assert told_of.data["reviewer_id"] == str(ready.decided_by)


async def test_a_decision_that_comes_first_tells_both(world: World) -> None:
    attempt_id = new_id()
    await world.books.windows.project(a_window(attempt_id))
    review = a_review(attempt_id)

    await world.books.reviews.project(decided(review))
    await world.books.reviews.project(review)

    assert await topics(world, Source.CORRECTIONS) == ["manual_review_required", "review_decided"]


async def test_a_review_that_is_given_back_is_held_by_nobody(world: World) -> None:
    attempt_id, grader = new_id(), new_id()
    await world.books.windows.project(a_window(attempt_id))
    review = a_review(attempt_id)
    taken = review.model_copy(update={"stage": ReviewStage.ASSIGNED, "assignee_id": grader, "version": 1})
    free = review.model_copy(update={"version": 2})

    seen = []
    for state in (review, taken, free, taken):  # the last one comes late
        await world.books.reviews.project(state)
        seen.append(await world.held_review(review.review.review_id))

    assert seen == [("open", None), ("assigned", grader), ("open", None), ("open", None)]
    assert await topics(world, Source.CORRECTIONS) == ["manual_review_required"]


async def test_a_review_of_an_attempt_without_a_window_is_not_found(world: World) -> None:
    with pytest.raises(Failure) as refused:
        await world.books.reviews.project(a_review(new_id()))

    assert refused.value.type is FailureType.NOT_FOUND


async def test_a_run_that_begins_again_is_told_what_the_row_knows(world: World) -> None:
    attempt_id = new_id()
    await world.books.windows.project(a_window(attempt_id))
    review = a_review(attempt_id)
    ready = decided(review)
    await world.books.reviews.project(ready)
    begun_again = review.model_copy(update={"opened_at": NOON + HOUR, "version": 2})

    answers = [await world.books.reviews.project(state) for state in (review, begun_again, ready)]

    assert [answer and answer.decided_by for answer in answers] == [ready.decided_by, ready.decided_by, None]
