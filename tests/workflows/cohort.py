"""Asks many attempts at once in a test, as the API does: the book first, then the workflow."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from temporalio.client import WorkflowHandle

from schema.cohort import CohortInput, CohortProgress, CohortVerb, Operation
from schema.ids import cohort_workflow_id, new_id
from schema.lifecycle import Actor
from schema.machine import ActorRole
from schema.queue import Queue
from tests.workflows.story import Story
from workflows.cohort import CohortWorkflow

Cohort = WorkflowHandle[CohortWorkflow, CohortProgress]
SAID = "the heating of room 4 failed"


def an_operation(story: Story, verb: CohortVerb, **fields: Any) -> Operation:
    """Asked by the story's proctor, with what the verb needs."""
    needed = {"by": timedelta(minutes=5)} if verb is CohortVerb.EXTEND else {}
    return Operation(
        operation_id=new_id(),
        organisation_id=story.attempt.organisation_id,
        exam_id=story.attempt.exam_id,
        verb=verb,
        actor=Actor(role=ActorRole.PROCTOR, person_id=story.people[ActorRole.PROCTOR]),
        **{"reason": SAID, **needed, **fields},
    )


async def started(story: Story, operation: Operation, attempt_ids: Sequence[UUID], **more: Any) -> Cohort:
    """The operation's workflow, asking."""
    await story.world.operations.open(operation, attempt_ids)
    cohort = CohortInput(
        operation_id=operation.operation_id,
        exam_id=operation.exam_id,
        verb=operation.verb,
        total=len(attempt_ids),
        **more,
    )
    return await story.env.client.start_workflow(
        CohortWorkflow.run,
        cohort,
        id=cohort_workflow_id(operation.exam_id, operation.operation_id),
        task_queue=Queue.LIFECYCLE,
    )


async def ask_many(story: Story, verb: CohortVerb, attempt_ids: Sequence[UUID]) -> Operation:
    """Ask and wait until all have been asked."""
    operation = an_operation(story, verb)
    await (await started(story, operation, attempt_ids)).result()
    return operation
