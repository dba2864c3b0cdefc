"""One decision: waiting, taken, reminded, escalated, decided; by update or signal, by the right person only."""

from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from schema.grading import CriterionMark
from schema.ids import DEFAULT_ORGANISATION, new_id, review_workflow_id
from schema.machine import ActorRole
from schema.queue import Queue
from schema.review import (
    Decide,
    EssayVerdict,
    GiveBack,
    IntegrityOutcome,
    IntegrityVerdict,
    ReviewDecision,
    ReviewInput,
    ReviewKind,
    ReviewState,
    Verdict,
)
from tests.workflows.story import Story, claim_by, eventually
from workflows.review import ReviewWorkflow

Review = WorkflowHandle[ReviewWorkflow, ReviewDecision]
MARKS = EssayVerdict(marks=(CriterionMark(key="content", earned=Decimal(4)),))


def essay(**changes: Any) -> ReviewInput:
    facts: dict[str, Any] = {
        "review_id": new_id(),
        "attempt_id": new_id(),
        "exam_id": new_id(),
        "organisation_id": DEFAULT_ORGANISATION,
        "kind": ReviewKind.ESSAY,
        "subject": str(new_id()),
    }
    return ReviewInput.model_validate({**facts, **changes})


async def opened(story: Story, review: ReviewInput) -> Review:
    return await story.env.client.start_workflow(
        ReviewWorkflow.run, review, id=review_workflow_id(review.review_id), task_queue=Queue.LIFECYCLE
    )


def decision(person_id: UUID, role: ActorRole = ActorRole.GRADER, verdict: Verdict = MARKS) -> Decide:
    return Decide(operation_id=str(new_id()), person_id=person_id, role=role, verdict=verdict)


async def refusal(handle: Review, name: str, command: object) -> ApplicationError:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update(name, command)
    assert isinstance(refused.value.cause, ApplicationError)
    return refused.value.cause


async def test_assigned_reminded_escalated_decided(story: Story) -> None:
    grader = new_id()
    handle = await opened(story, review := essay())

    await handle.execute_update("claim", claim_by(grader, ActorRole.GRADER))
    await story.pass_time(timedelta(days=3, minutes=1))
    await eventually(lambda: "review_escalated" in story.world.told)
    await handle.execute_update("decide", decision(grader))
    result = await handle.result()

    assert result.decided_by == grader
    assert story.world.told == ["review_waiting", "review_reminder", "review_escalated"]
    assert [notice.audience for notice in story.world.notices] == ["graders", "person", "admins"]
    stages = [state.stage for state in story.world.reviews[review.review_id]]
    assert stages[0] == "open"
    assert stages[-1] == "decided"
    assert story.world.reviews[review.review_id][-1].escalated


async def test_one_that_is_decided_and_starts_again_tells_nobody(story: Story) -> None:
    grader, review = new_id(), essay()
    handle = await opened(story, review)
    await eventually(lambda: story.world.told == ["review_waiting"])
    await handle.execute_update("decide", decision(grader))
    first = await handle.result()

    again = await (await opened(story, review)).result()

    assert again == first
    assert story.world.told == ["review_waiting"]


async def test_the_signal_is_the_same_decision(story: Story) -> None:
    grader = new_id()
    handle = await opened(story, essay())

    await handle.signal("complete_review", decision(grader))
    result = await handle.result()

    assert result.verdict == MARKS


async def test_an_invalid_signal_is_recorded_and_ignored(story: Story) -> None:
    handle = await opened(story, essay())
    wrong = IntegrityVerdict(outcome=IntegrityOutcome.UPHELD, reason="no")

    await handle.signal("complete_review", decision(new_id(), ActorRole.STUDENT))
    await handle.signal("complete_review", decision(new_id(), verdict=wrong))
    await handle.signal("complete_review", "nonsense")
    state: ReviewState = await handle.query("review", result_type=ReviewState)

    assert state.stage == "open"
    assert [why.split(" ", 2)[2] for why in state.refused] == [
        "is for graders only",
        "is about essay, the verdict about integrity",
    ]


async def test_who_may_not_decide_is_told_why(story: Story) -> None:
    grader, other, excluded = new_id(), new_id(), new_id()
    handle = await opened(story, essay(excluded=(excluded,)))

    by_student = await refusal(handle, "decide", decision(other, ActorRole.STUDENT))
    by_excluded = await refusal(handle, "decide", decision(excluded))
    await handle.execute_update("claim", claim_by(grader, ActorRole.GRADER))
    by_other = await refusal(handle, "decide", decision(other))
    taken = await refusal(handle, "claim", claim_by(other, ActorRole.GRADER))
    handed_on = await refusal(handle, "claim", claim_by(grader, ActorRole.GRADER, other))

    assert {f.type for f in (by_student, by_excluded, by_other, taken, handed_on)} == {"forbidden"}
    assert "assigned to somebody else" in by_other.message


async def test_an_admin_hands_it_to_somebody_else(story: Story) -> None:
    grader, other = new_id(), new_id()
    handle = await opened(story, essay())
    await handle.execute_update("claim", claim_by(grader, ActorRole.GRADER))

    await handle.execute_update("claim", claim_by(new_id(), ActorRole.ADMIN, other))
    await handle.execute_update("decide", decision(other))
    result = await handle.result()

    assert result.decided_by == other
    assigned = next(notice for notice in story.world.notices if notice.occasion == "review_assigned")
    assert assigned.person_id == other


async def test_given_back_it_is_free_again_and_keeps_its_deadlines(story: Story) -> None:
    grader, other = new_id(), new_id()
    handle = await opened(story, review := essay())
    back = GiveBack(operation_id="back", person_id=grader)

    free = await refusal(handle, "give_back", back)
    taken: ReviewState = await handle.execute_update(
        "claim", claim_by(grader, ActorRole.GRADER), result_type=ReviewState
    )
    foreign = await refusal(handle, "give_back", back.model_copy(update={"person_id": other}))
    given: ReviewState = await handle.execute_update("give_back", back, id="b", result_type=ReviewState)
    again: ReviewState = await handle.execute_update("give_back", back, id="b", result_type=ReviewState)
    await handle.execute_update("claim", claim_by(other, ActorRole.GRADER))
    await handle.execute_update("decide", decision(other))
    result = await handle.result()

    assert (free.type, foreign.type) == ("illegal_move", "forbidden")
    assert (given.stage, given.assignee_id, again) == ("open", None, given)
    assert (given.remind_at, given.escalate_at) == (taken.remind_at, taken.escalate_at)
    assert result.decided_by == other
    stages = [state.stage for state in story.world.reviews[review.review_id]]
    told = [stage for stage, _ in groupby(stages)]
    assert told == ["open", "assigned", "open", "assigned", "decided"]


async def test_the_same_decision_again_is_one(story: Story) -> None:
    grader = new_id()
    handle = await opened(story, review := essay())
    command = decision(grader)

    first = await handle.execute_update("decide", command, id="once", result_type=ReviewState)
    again = await handle.execute_update("decide", command, id="once", result_type=ReviewState)

    assert first.decided_at == again.decided_at
    assert len([s for s in story.world.reviews[review.review_id] if s.stage == "decided"]) == 1
