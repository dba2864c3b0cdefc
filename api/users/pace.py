"""Lets an answer take a fixed time, so that its speed tells nothing about who has an account."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta


@asynccontextmanager
async def steady_pace(least: timedelta) -> AsyncIterator[None]:
    """The block takes at least this long, also when it fails."""
    began = time.monotonic()
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, least.total_seconds() - (time.monotonic() - began)))
