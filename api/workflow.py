"""Starts, updates, asks and signals workflows, and turns Temporal's errors into the product's failures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pydantic import BaseModel
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.cohort_starter import start_cohort
from schema.cohort import CohortInput
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptInput, AttemptView, Reserve
from schema.queue import Queue, WorkflowType

UPDATE_SECONDS = 20.0
QUERY_SECONDS = 5.0

Answer = TypeVar("Answer", bound=BaseModel)

_GONE = frozenset({RPCStatusCode.NOT_FOUND})
_SILENT = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
    }
)


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


class NotRunning(Failure):
    """The workflow has closed, or there never was one."""

    def __init__(self) -> None:
        super().__init__(FailureType.CONFLICT, "this is over, nothing can be changed any more; reload it")


@asynccontextmanager
async def translated(seconds: float) -> AsyncIterator[None]:
    """Turn Temporal's errors, and a wait longer than `seconds`, into failures."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except WorkflowUpdateFailedError as error:
        raise _refusal(error.cause) from error
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        raise Failure(FailureType.CONFLICT, "this cannot be shown now; reload it") from error
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        raise _silence() from error
    except RPCError as error:
        raise _of_rpc(error) from error
    except RuntimeError as error:  # a lazy client that cannot connect
        raise _silence() from error


def _refusal(cause: BaseException) -> Failure:
    while not isinstance(cause, ApplicationError) and cause.__cause__ is not None:
        cause = cause.__cause__
    if not isinstance(cause, ApplicationError):
        return Failure(FailureType.UNAVAILABLE, "this could not be done; try again")
    if cause.type == "AcceptedUpdateCompletedWorkflow":
        return NotRunning()
    if cause.type not in list(FailureType):
        raise RuntimeError(f"an update failed with the unknown type {cause.type}") from cause
    detail = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
    extra = {str(name): value for name, value in detail.items() if name not in {"field", "type", "message"}}
    return Failure(FailureType(cause.type), cause.message, field=str(detail.get("field", "")), **extra)


def _of_rpc(error: RPCError) -> Failure:
    if error.status in _GONE:
        return NotRunning()
    if error.status in _SILENT:
        return _silence()
    if error.status is RPCStatusCode.INVALID_ARGUMENT:
        return Failure(FailureType.INVALID, "the workflow service does not take this input; make it smaller")
    raise error


def _silence() -> Failure:
    message = (
        "the workflow service does not answer; send the same request with the same Idempotency-Key again"
    )
    return Failure(FailureType.UNAVAILABLE, message, retry_after=3)
