"""Starts the workflows of operations on many attempts, each at most once, and tells how they stand."""

from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.temporal_failure import failure_of
from schema.cohort import CohortInput, Standing
from schema.failures import Failure
from schema.ids import cohort_workflow_id
from schema.queue import Queue, WorkflowType


class TemporalCohortStarter:
    """Implements CohortStarter."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, cohort: CohortInput) -> None:
        """Start what was never started."""
        try:
            await start_cohort(self._client, cohort)
        except RPCError as error:
            raise _trouble(error, cohort.operation_id) from error

    async def start_again(self, cohort: CohortInput) -> None:
        """The same updates under the same ids: an attempt that did it does it no second time."""
        try:
            await start_cohort(self._client, cohort, WorkflowIDReusePolicy.ALLOW_DUPLICATE)
        except RPCError as error:
            raise _trouble(error, cohort.operation_id) from error

    async def standing(self, exam_id: UUID, operation_id: UUID) -> Standing:
        """Ask the server; a history that is no longer kept is one that never was."""
        handle = self._client.get_workflow_handle(cohort_workflow_id(exam_id, operation_id))
        try:
            found = await handle.describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return Standing.ABSENT
            raise _trouble(error, operation_id) from error
        return Standing.RUNNING if found.status is WorkflowExecutionStatus.RUNNING else Standing.CLOSED


async def start_cohort(
    client: Client,
    cohort: CohortInput,
    reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.REJECT_DUPLICATE,
) -> None:
    """Start it unless it was started before, however that ended. Raises RPCError."""
    try:
        await client.start_workflow(
            WorkflowType.COHORT,
            cohort,
            id=cohort_workflow_id(cohort.exam_id, cohort.operation_id),
            task_queue=Queue.LIFECYCLE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=reuse,
            static_summary=f"{cohort.verb}: {cohort.total} attempts",
        )
    except WorkflowAlreadyStartedError:
        return


def _trouble(error: RPCError, operation_id: UUID) -> Failure:
    what = f"Temporal answers {error.status.name} to this operation; try again"
    return Failure(failure_of(error).type, what, operation_id=operation_id)
