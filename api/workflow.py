"""Starts, updates, asks and signals workflows; whatever Temporal answers comes back as a failure with words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pydantic import BaseModel
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.adapters.cohort_starter import start_cohort
from activities.adapters.temporal_failure import TROUBLE, NotRunning, failure_of
from schema.cohort import CohortInput
from schema.failures import Failure
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptInput, AttemptView, Reserve
from schema.queue import Queue, WorkflowType

UPDATE_SECONDS = 20.0
QUERY_SECONDS = 5.0

Answer = TypeVar("Answer", bound=BaseModel)


class Workflows:
    """The way from HTTP to Temporal. Every method raises Failure only."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def reserve(self, attempt: AttemptInput, command: Reserve) -> AttemptView:
        """Start the attempt's workflow and reserve, in one request; the same operation again is answered alike."""
        workflow_id = attempt_workflow_id(attempt.attempt_id)
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WorkflowType.ATTEMPT,
            attempt,
            id=workflow_id,
            task_queue=Queue.LIFECYCLE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        try:
            async with translated(UPDATE_SECONDS):
                view: AttemptView = await self._client.execute_update_with_start_workflow(
                    "reserve",
                    command,
                    start_workflow_operation=start,
                    id=command.operation_id,
                    result_type=AttemptView,
                )
                return view
        except WorkflowAlreadyStartedError:
            return await self.outcome(workflow_id, command.operation_id, AttemptView)

    async def start_cohort(self, cohort: CohortInput) -> None:
        """Start an operation on many attempts; one that was started before, or is over, stays as it is."""
        async with translated(QUERY_SECONDS):
            await start_cohort(self._client, cohort)

    async def update(
        self, workflow_id: str, name: str, command: BaseModel, operation_id: str, answer: type[Answer]
    ) -> Answer:
        """Send an update and wait for its result. Raises what the workflow refuses with, UNAVAILABLE, CONFLICT."""
        handle = self._client.get_workflow_handle(workflow_id)
        async with translated(UPDATE_SECONDS):
            result: Answer = await handle.execute_update(name, command, id=operation_id, result_type=answer)
        return result

    async def outcome(self, workflow_id: str, operation_id: str, answer: type[Answer]) -> Answer:
        """What an earlier update led to, also when its workflow has closed since."""
        handle = self._client.get_workflow_handle(workflow_id)
        async with translated(UPDATE_SECONDS):
            result: Answer = await handle.get_update_handle(operation_id, result_type=answer).result()
        return result

    async def query(self, workflow_id: str, name: str, answer: type[Answer]) -> Answer:
        """Ask a workflow. Raises UNAVAILABLE, CONFLICT."""
        handle = self._client.get_workflow_handle(workflow_id)
        async with translated(QUERY_SECONDS):
            result: Answer = await handle.query(name, result_type=answer)
        return result

    async def signal(self, workflow_id: str, name: str, message: BaseModel | None = None) -> bool:
        """Tell a workflow something; false when it does not run."""
        handle = self._client.get_workflow_handle(workflow_id)
        arguments = [] if message is None else [message]
        try:
            async with translated(QUERY_SECONDS):
                await handle.signal(name, args=arguments)
        except NotRunning:
            return False
        return True

    async def has_closed(self, workflow_id: str) -> bool:
        """Whether the workflow has come to its end; also where the server no longer keeps its history."""
        try:
            async with translated(QUERY_SECONDS):
                found = await self._client.get_workflow_handle(workflow_id).describe()
        except NotRunning:
            return True
        return found.status is not WorkflowExecutionStatus.RUNNING

    async def is_serving(self) -> bool:
        """Whether the server answers."""
        try:
            async with translated(QUERY_SECONDS):
                return await self._client.service_client.check_health()
        except Failure:
            return False


@asynccontextmanager
async def translated(seconds: float) -> AsyncIterator[None]:
    """Turn Temporal's errors, and a wait longer than `seconds`, into failures."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (WorkflowAlreadyStartedError, Failure):
        raise
    except TROUBLE as error:
        raise failure_of(error) from error
