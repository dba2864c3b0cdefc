"""Workflows as Temporal has them, for the sweep: which run, how they stand, ended and started again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.adapters.temporal_failure import TROUBLE, NotRunning, failure_of
from activities.orphan.port import RunState
from schema.failures import Failure
from schema.ids import attempt_workflow_id, retention_workflow_id
from schema.lifecycle import AttemptInput
from schema.orphan import WorkflowStanding
from schema.queue import Queue, WorkflowType
from schema.retention import RetentionInput

LOG = logging.getLogger(__name__)

SECONDS = 10.0
ASKED_WITHIN = timedelta(minutes=2)  # a poll that gets no task lasts a minute
_STATES = {
    WorkflowExecutionStatus.RUNNING: RunState.RUNNING,
    WorkflowExecutionStatus.COMPLETED: RunState.COMPLETED,
    WorkflowExecutionStatus.CANCELED: RunState.CANCELLED,
    WorkflowExecutionStatus.CONTINUED_AS_NEW: RunState.RUNNING,  # the next run is about to begin
}


class TemporalRuns:
    """Implements Runs."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def running(self, kind: WorkflowType) -> frozenset[str]:
        """From the visibility store."""
        query = f"WorkflowType = '{kind}' AND ExecutionStatus = 'Running'"
        async with _asked(SECONDS * 6):
            return frozenset([found.id async for found in self._client.list_workflows(query)])

    async def state(self, workflow_id: str) -> RunState:
        """From the history itself."""
        try:
            async with _asked():
                found = await self._client.get_workflow_handle(workflow_id).describe()
        except NotRunning:
            return RunState.ABSENT
        return _STATES.get(found.status or WorkflowExecutionStatus.RUNNING, RunState.BROKEN)

    async def standing(self, attempt_id: UUID) -> WorkflowStanding | None:
        """A workflow that does not answer, or no more, tells nothing."""
        handle = self._client.get_workflow_handle(attempt_workflow_id(attempt_id))
        try:
            async with _asked():
                told: WorkflowStanding = await handle.query("standing", result_type=WorkflowStanding)
                return told
        except (NotRunning, WorkflowQueryFailedError):
            return None
        except Failure as failure:
            LOG.warning("attempt %s does not say how it stands: %s", attempt_id, failure.message)
            return None

    async def is_served(self) -> bool:
        """The server forgets those who ask no more after some minutes, and knows when each asked last."""
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=Queue.LIFECYCLE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        async with _asked():
            answer = await self._client.workflow_service.describe_task_queue(request)
        since = datetime.now(UTC) - ASKED_WITHIN
        return any(poller.last_access_time.ToDatetime(UTC) > since for poller in answer.pollers)

    async def project_again(self, workflow_id: str) -> None:
        """By signal."""
        try:
            async with _asked():
                await self._client.get_workflow_handle(workflow_id).signal("project_again")
        except NotRunning:
            return

    async def end(self, workflow_id: str, why: str) -> None:
        """Terminate what runs."""
        try:
            async with _asked():
                await self._client.get_workflow_handle(workflow_id).terminate(reason=why)
        except NotRunning:
            return

    async def begin_attempt(self, attempt: AttemptInput, *, has_seat: bool) -> None:
        """Whoever else started it meanwhile did the same."""
        async with _asked():
            await self._client.start_workflow(
                WorkflowType.ATTEMPT,
                attempt,
                id=attempt_workflow_id(attempt.attempt_id),
                task_queue=Queue.LIFECYCLE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                start_signal="seat_assigned" if has_seat else None,
                static_summary=f"Go on with attempt {attempt.attempt_id}, generation {attempt.generation}",
            )

    async def begin_retention(self, retention: RetentionInput) -> None:
        """Whoever else started it meanwhile did the same."""
        async with _asked():
            await self._client.start_workflow(
                WorkflowType.RETENTION,
                retention,
                id=retention_workflow_id(retention.attempt_id),
                task_queue=Queue.LIFECYCLE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                static_summary=f"Keep and delete the data of attempt {retention.attempt_id}",
            )


@asynccontextmanager
async def _asked(seconds: float = SECONDS) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except (WorkflowQueryFailedError, Failure):
        raise
    except WorkflowAlreadyStartedError:
        return
    except TROUBLE as error:
        raise failure_of(error) from error
