"""Sends commands to attempts as updates of their workflows; no workflow can send an update to another one."""

import asyncio
from uuid import UUID

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.temporal import LOST_FOR_NOW
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptView, Command

PATIENCE_SECONDS = 20.0
OVER = "this attempt is over, nothing can be changed any more"


class TemporalCommander:
    """Implements AttemptCommander."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def execute(self, attempt_id: UUID, update: str, command: Command) -> None:
        """Send the update whose id is the command's operation, and wait for its result."""
        handle = self._client.get_workflow_handle(attempt_workflow_id(attempt_id))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await handle.execute_update(update, command, id=command.operation_id, result_type=AttemptView)
        except WorkflowUpdateFailedError as error:
            raise _refusal(error, attempt_id) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise _silence(attempt_id) from error
        except RPCError as error:
            raise _of_rpc(error, attempt_id) from error


def _refusal(error: WorkflowUpdateFailedError, attempt_id: UUID) -> Failure:
    cause: BaseException | None = error.cause
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    if cause is None:
        return _silence(attempt_id)
    if cause.type in list(FailureType):
        return Failure(FailureType(cause.type), cause.message)
    return Failure(FailureType.CONFLICT, OVER)  # its workflow completed meanwhile


def _of_rpc(error: RPCError, attempt_id: UUID) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        return Failure(FailureType.CONFLICT, OVER)
    if error.status in LOST_FOR_NOW or error.status is RPCStatusCode.CANCELLED:
        return _silence(attempt_id)
    return error


def _silence(attempt_id: UUID) -> Failure:
    return Failure(FailureType.UNAVAILABLE, "this attempt does not answer; try again", attempt_id=attempt_id)
