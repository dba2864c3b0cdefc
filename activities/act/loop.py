"""Finishes acts that an API began and did not live to record."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from activities.act.port import IntentBook

ANSWERED_WITHIN = timedelta(minutes=1)  # who began an act has told of it by then, or is gone
DECIDED_WITHIN = timedelta(days=1)  # a command that reached no workflow by then never will


class IntentLoop:
    """A loop of the `proctor-io` worker. Several may run at once: an act is recorded once."""

    def __init__(self, book: IntentBook, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._book = book
        self._now = now

    async def step(self) -> None:
        """Record what was done, and forget what was not."""
        now = self._now()
        for act in await self._book.begun_before(now - ANSWERED_WITHIN):
            done = await self._book.what_came_of(act)
            if done is not None:
                await self._book.record(done)
            elif act.at < now - DECIDED_WITHIN:
                await self._book.forget(act)
