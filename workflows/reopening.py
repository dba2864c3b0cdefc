"""What happens after the end goes on only while the attempt stays handed in."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError


class Superseded(Exception):
    """What was decided belongs to an attempt that has been reopened meanwhile."""


async def withdraw(workflow_ids: Iterable[str]) -> None:
    """Tell the open reviews among them that nobody asks for their decisions any more."""
    for workflow_id in (one for one in workflow_ids if one.startswith("review:")):
        try:
            await workflow.get_external_workflow_handle(workflow_id).signal("withdraw")
        except FailureError:
            workflow.logger.info("%s is over", workflow_id)


async def unless(
    is_reopened: Callable[[], bool],
    before_cancelling: Callable[[], Awaitable[None]],
    *work: Coroutine[Any, Any, None],
) -> bool:
    """Do all of it; false where the attempt was reopened before: then it is cancelled, and whatever it gave is void."""
    tasks = [asyncio.create_task(one) for one in work]
    await workflow.wait_condition(lambda: is_reopened() or any_failed(tasks) or all(t.done() for t in tasks))
    if not is_reopened():
        for task in tasks:
            await task
        return True
    await before_cancelling()
    for task in tasks:
        task.cancel()
    for task in tasks:
        try:
            await task
        except (asyncio.CancelledError, Superseded):
            continue
        except Exception:
            workflow.logger.info("the attempt was reopened: %s is void", task.get_coro())
    return False


def any_failed(tasks: list[asyncio.Task[None]]) -> bool:
    """Whether one has come to a bad end, which its caller must know at once."""
    return any(t.done() and not t.cancelled() and t.exception() is not None for t in tasks)
