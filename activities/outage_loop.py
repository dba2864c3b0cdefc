"""Gives back what outages took, as soon as they are over."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from activities.ports import AttemptCommander, OutageBook
from schema.failures import Failure
from schema.outage.task import Loss

LOG = logging.getLogger(__name__)
UPDATE = "return_time"
AT_ONCE = 10


class OutageLoop:
    """A loop of the `proctor-io` worker. Several may run at once: a workflow gives each second once."""

    def __init__(
        self,
        book: OutageBook,
        commander: AttemptCommander,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._book = book
        self._commander = commander
        self._now = now

    async def step(self) -> None:
        """Write down what was lost, and send it to the attempts that it was taken from."""
        await self._book.record(self._now())
        room = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._give_back(loss, room) for loss in await self._book.owed()))

    async def _give_back(self, loss: Loss, room: asyncio.Semaphore) -> None:
        """What was given is written with the attempt's move; what cannot be given any more is written here."""
        async with room:
            try:
                await self._commander.execute(loss.attempt_id, UPDATE, loss.command)
            except Failure as failure:
                if failure.is_retryable:
                    LOG.warning("attempt %s gets its time back later: %s", loss.attempt_id, failure.message)
                else:
                    await self._book.refuse(loss, failure.message, self._now())
