"""Sends commands to attempts as updates of their workflows; no workflow can send an update to another one."""

import asyncio
from uuid import UUID

from temporalio.client import Client

from activities.adapters.temporal_failure import TROUBLE, NotRunning, failure_of
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptView, Command

PATIENCE_SECONDS = 20.0
OVER = "this attempt is over, nothing can be changed any more"


class TemporalCommander:
    """Implements AttemptCommander."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def execute(self, attempt_id: UUID, update: str, command: Command) -> AttemptView:
        """Send the update whose id is the command's operation, and wait for its result."""
        handle = self._client.get_workflow_handle(attempt_workflow_id(attempt_id))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                view: AttemptView = await handle.execute_update(
                    update, command, id=command.operation_id, result_type=AttemptView
                )
                return view
        except TROUBLE as error:
            raise _of(failure_of(error), attempt_id) from error


def _of(failure: Failure, attempt_id: UUID) -> Failure:
    """In words for somebody who asked many attempts at once."""
    if isinstance(failure, NotRunning):
        return NotRunning(OVER)
    if failure.type is FailureType.UNAVAILABLE:
        return Failure(failure.type, "this attempt does not answer; try again", attempt_id=attempt_id)
    return failure
