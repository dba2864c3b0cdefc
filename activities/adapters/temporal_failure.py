"""Turns everything that Temporal can answer, or leave unanswered, into failures: one table for API and workers."""

import logging

from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowContinuedAsNewError,
    WorkflowFailureError,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError, FailureError, TemporalError
from temporalio.service import RPCError, RPCStatusCode

from schema.failures import Failure, FailureType

LOG = logging.getLogger(__name__)

OVER = "this is over, nothing can be changed any more; reload it"
SILENT = "the workflow service does not answer; send the same request with the same Idempotency-Key again"
REFUSED = "the workflow service refuses this server; ask an operator to run the doctor, then try again"
NOT_DONE = "this could not be done now; send the same request with the same Idempotency-Key again"
TOO_BIG = "the workflow service does not take this input; make it smaller"
UNREADABLE = "this cannot be shown now; reload it"
SECONDS = 3

# Whatever is not named here passes by itself: a server that is killed answers UNKNOWN or INTERNAL.
_REFUSING = frozenset(
    {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNIMPLEMENTED}
)
_WRONG = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE})
_COMPLETED_MEANWHILE = "AcceptedUpdateCompletedWorkflow"

# A lazy client that cannot connect raises RuntimeError.
TROUBLE = (
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowFailureError,
    WorkflowContinuedAsNewError,
    RPCTimeoutOrCancelledError,
    RPCError,
    TemporalError,
    TimeoutError,
    RuntimeError,
)


class NotRunning(Failure):
    """The workflow has closed, or there is none."""

    def __init__(self, message: str = OVER) -> None:
        super().__init__(FailureType.CONFLICT, message)


def failure_of(error: BaseException) -> Failure:
    """What one of TROUBLE means to whoever asked."""
    if isinstance(error, WorkflowUpdateFailedError | WorkflowFailureError):
        return _of_refusal(error.cause)
    if isinstance(error, WorkflowQueryFailedError | WorkflowQueryRejectedError):
        return Failure(FailureType.CONFLICT, UNREADABLE)
    if isinstance(error, RPCError):
        return _of_status(error)
    if isinstance(error, FailureError):
        return _of_refusal(error)
    return _unavailable(SILENT)


def _of_status(error: RPCError) -> Failure:
    if error.status is RPCStatusCode.NOT_FOUND:
        return NotRunning()
    if error.status in _WRONG:
        return Failure(FailureType.INVALID, TOO_BIG)
    if error.status in _REFUSING:
        LOG.error("Temporal refuses this server with %s: %s", error.status.name, error.message)
        return _unavailable(REFUSED)
    return _unavailable(SILENT)


def _of_refusal(cause: BaseException | None) -> Failure:
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    if cause is None:
        return _unavailable(NOT_DONE)
    if cause.type == _COMPLETED_MEANWHILE:
        return NotRunning()
    if cause.type not in list(FailureType):
        LOG.error("a workflow failed with %s, which has no words of its own: %s", cause.type, cause.message)
        return _unavailable(NOT_DONE)
    detail = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
    extra = {str(name): value for name, value in detail.items() if name not in {"field", "type", "message"}}
    return Failure(FailureType(cause.type), cause.message, field=str(detail.get("field", "")), **extra)


def _unavailable(message: str) -> Failure:
    return Failure(FailureType.UNAVAILABLE, message, retry_after=SECONDS)
