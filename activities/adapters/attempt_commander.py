"""Sends commands to attempts as updates of their workflows; no workflow can send an update to another one."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio.client import Client

from activities.adapters.temporal_failure import TROUBLE, NotRunning, failure_of
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptView, Command

PATIENCE_SECONDS = 20.0
IsOver = Callable[[UUID], Awaitable[bool]]
LOST = "this attempt lost its process and is being brought back; try again in a minute"
OVER = "this attempt is over, nothing can be changed any more"


class TemporalCommander:
    """Implements AttemptCommander."""

    def __init__(self, client: Client, is_over: IsOver | None = None) -> None:
        self._client = client
        self._is_over = is_over

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
            raise await self._of(failure_of(error), attempt_id) from error

    async def _of(self, failure: Failure, attempt_id: UUID) -> Failure:
        """In words for somebody who asked many attempts at once; one whose workflow is lost is asked again."""
        if isinstance(failure, NotRunning):
            is_over = self._is_over is None or await self._is_over(attempt_id)
            return (
                NotRunning(OVER) if is_over else Failure(FailureType.UNAVAILABLE, LOST, attempt_id=attempt_id)
            )
        if failure.type is FailureType.UNAVAILABLE:
            return Failure(failure.type, "this attempt does not answer; try again", attempt_id=attempt_id)
        return failure
