"""Proves that a slow activity lives, so that Temporal notices within seconds when its worker has died."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from temporalio import activity

EVERY = timedelta(seconds=2)


@contextlib.asynccontextmanager
async def beating(details: Callable[[], int] | None = None) -> AsyncIterator[None]:
    """Heartbeat until the block ends; `details` is what a retry may go on from."""
    task = asyncio.create_task(_beat(details))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _beat(details: Callable[[], int] | None) -> None:
    while True:
        activity.heartbeat(*(() if details is None else (details(),)))
        await asyncio.sleep(EVERY.total_seconds())
