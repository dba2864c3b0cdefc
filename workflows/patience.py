"""Trying again after a refusal: a lifecycle must not end because something around it needs mending."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import (
    ApplicationError,
    FailureError,
    WorkflowAlreadyStartedError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from workflows.options import ENDING, MENDING

R = TypeVar("R")


def refusal_of(error: FailureError) -> ApplicationError | None:
    """The failure of ours at the end of Temporal's chain of causes, if there is one."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    return cause


async def insist(call: Callable[[], Awaitable[R]]) -> R:
    """Do it until it is done. A failure that retries cannot cure is logged and tried again after a while."""
    while True:
        try:
            return await call()
        except WorkflowAlreadyStartedError:
            # A child of the run before this one, which was ended with it and is on its way out.
            await workflow.sleep(ENDING, summary="The one before it is still ending")
            continue
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error("refused, trying again in %s: %s", MENDING, refusal_of(error) or error)
        await workflow.sleep(MENDING, summary="Something needs mending; see the worker's log")
