"""What activities need of Temporal itself: signals to a monitoring workflow, and histories of closed workflows."""

from collections.abc import Sequence
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.temporal_failure import NotRunning, failure_of
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id, monitoring_workflow_id
from schema.incident import IncidentSignal


class TemporalSignaller:
    """An IncidentSignaller: `change` is the signal's name, `signal` an IncidentSignal as JSON or empty."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def signal(self, attempt_id: UUID, change: str, signal: str) -> None:
        """Send one; a workflow that is closed or gone is no error. Raises UNAVAILABLE."""
        handle = self._client.get_workflow_handle(monitoring_workflow_id(attempt_id))
        facts = [IncidentSignal.model_validate_json(signal)] if signal else []
        try:
            await handle.signal(change, args=facts)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise _unavailable(error, f"signal {change} to attempt {attempt_id}") from error


class TemporalSeatSignaller:
    """Implements SeatSignaller."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def assign(self, attempt_id: UUID) -> None:
        """Send the signal by which the attempt that gives its seat back says so too. Raises UNAVAILABLE."""
        handle = self._client.get_workflow_handle(attempt_workflow_id(attempt_id))
        try:
            await handle.signal("seat_assigned")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # over, and has given the seat back itself
                raise _unavailable(error, f"seat of attempt {attempt_id}") from error


class TemporalHistory:
    """A HistorySource over the visibility store and the histories themselves."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def export(self, workflow_id: str) -> Sequence[tuple[str, bytes]]:
        """(run id, history as JSON) of every run, oldest first. Raises UNAVAILABLE while open, NOT_FOUND."""
        try:
            return await self._export(workflow_id)
        except RPCError as error:
            raise _unavailable(error, f"history of workflow {workflow_id}") from error

    async def _export(self, workflow_id: str) -> list[tuple[str, bytes]]:
        newest = await self._client.get_workflow_handle(workflow_id).describe()
        runs = [found async for found in self._client.list_workflows(f'WorkflowId = "{workflow_id}"')]
        # The list lags behind: until it knows the newest run as closed, runs may be missing from it.
        closed = {run.run_id for run in runs if run.status is not WorkflowExecutionStatus.RUNNING}
        if newest.run_id not in closed or len(closed) < len(runs):
            raise Failure(FailureType.UNAVAILABLE, f"workflow {workflow_id} is still open; export it later")
        exported = []
        for run in sorted(runs, key=lambda run: run.start_time):
            handle = self._client.get_workflow_handle(workflow_id, run_id=run.run_id)
            exported.append((run.run_id, (await handle.fetch_history()).to_json().encode()))
        return exported


def _unavailable(error: RPCError, what: str) -> Exception:
    """Trouble that passes is worth another try; anything else is shown as it is."""
    failure = failure_of(error)
    if isinstance(failure, NotRunning):
        return Failure(FailureType.NOT_FOUND, f"{what}: there is none")
    return Failure(failure.type, f"{what}: Temporal answers {error.status.name}")
