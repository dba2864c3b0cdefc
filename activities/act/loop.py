"""Finishes acts that an API began and did not live to record."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from activities.act.port import IntentBook
from schema.failures import Failure
from schema.journal import Act

LOG = logging.getLogger(__name__)
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
        last: Act | None = None
        while acts := await self._book.begun_before(now - ANSWERED_WITHIN, last):
            for act in acts:
                await self._try(act, now)
            last = acts[-1]

    async def _try(self, act: Act, now: datetime) -> None:
        """One whose outcome cannot be read holds no other up; a database that does not answer does."""
        try:
            await self._finish(act, now)
        except Exception as trouble:
            if isinstance(trouble, Failure) and trouble.is_retryable:
                raise
            LOG.exception("what came of the act %s (%s) cannot be found out", act.act_id, act.kind)

    async def _finish(self, act: Act, now: datetime) -> None:
        done = await self._book.what_came_of(act)
        if done is not None:
            await self._book.record(done)
        elif act.at < now - DECIDED_WITHIN:
            await self._book.forget(act)
