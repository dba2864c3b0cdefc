"""Lets requests wait until something changes in a conversation, with one query for all that wait in this process."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from activities.ports import ConversationBook

LOG = logging.getLogger(__name__)
PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=15)
ATTEMPTS_PER_QUERY = 500


@dataclass(eq=False, slots=True)
class _Waiter:
    """Somebody who knows a version and waits for another one."""

    attempt_id: UUID
    version: int
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class News:
    """Rows are the truth, so what another node wrote is news here too."""

    def __init__(self, book: ConversationBook, pause: timedelta = PAUSE) -> None:
        self._book = book
        self._pause = pause
        self._waiters: set[_Waiter] = set()

    async def wait(self, attempt_id: UUID, version: int, patience: timedelta) -> None:
        """Until the conversation has another version, or patience ends."""
        waiter = _Waiter(attempt_id, version)
        self._waiters.add(waiter)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience.total_seconds()):
                    await waiter.changed.wait()
        finally:
            self._waiters.discard(waiter)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look about twice a second until the block ends."""
        looking = asyncio.create_task(self._look_forever())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.wait([looking])

    async def look(self) -> None:
        """One round for everybody who waits; nobody waits, nobody is asked."""
        attempts = list({waiter.attempt_id for waiter in self._waiters})
        for start in range(0, len(attempts), ATTEMPTS_PER_QUERY):
            some = attempts[start : start + ATTEMPTS_PER_QUERY]
            versions = await self._book.versions(some)
            for waiter in tuple(self._waiters):
                if waiter.attempt_id in some and versions.get(waiter.attempt_id, 0) != waiter.version:
                    waiter.changed.set()

    async def _look_forever(self) -> None:
        pause = self._pause
        while True:
            await asyncio.sleep(pause.total_seconds())
            try:
                await self.look()
                pause = self._pause
            except Exception:
                LOG.exception("new messages cannot be read; trying again after %s", pause)
                pause = min(pause * 2, LONGEST_PAUSE)
