"""Waits for a part that starts, for as long as it lives: a slow machine takes its time, and is told how long so far."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

Ready = TypeVar("Ready")
Say = Callable[[str], None]

TELL_EVERY = 15.0  # seconds
MOST_DEATHS = 8  # with the pauses in between about a minute


class StartFailed(Exception):
    """A part ended again and again before it was ready once."""


class Starting(Protocol):
    """A part that is kept alive."""

    restarts: int


async def until_ready(
    name: str,
    probe: Callable[[], Awaitable[Ready | None]],
    parts: Sequence[Starting],
    say: Say,
    *,
    logs: str,
    tell_every: float = TELL_EVERY,
) -> Ready:
    """What the probe finds once it finds something. Raises StartFailed when a part keeps ending instead."""
    began = told = time.monotonic()
    while not (found := await probe()):
        if any(part.restarts >= MOST_DEATHS for part in parts):
            raise StartFailed(f"{name} ended {MOST_DEATHS} times and never got ready; see {logs}")
        now = time.monotonic()
        if now - told >= tell_every:
            say(f"{name}: still starting after {now - began:.0f} s; waiting on (log: {logs}, Ctrl-C stops)")
            told = now
        await asyncio.sleep(0.2)
    return found
