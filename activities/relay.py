"""The relay: takes unpublished events from the outboxes to every sink, then marks them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from activities.ports import EventSink, Outbox, ReceiptBook

LOG = logging.getLogger(__name__)
BATCH = 500
LONGEST_PAUSE = timedelta(seconds=30)
TIDY_EVERY = timedelta(hours=1)
KEPT = timedelta(days=30)  # far longer than any transaction or request is retried


class Relay:
    """At least once: a crash between publishing and marking publishes again, and every sink takes that as one.

    Several relays may run at once; they do the same work twice, never harm.
    """

    def __init__(
        self,
        outboxes: Sequence[Outbox],
        sinks: Sequence[EventSink],
        clock: Callable[[], datetime],
        pause: timedelta = timedelta(milliseconds=200),
        batch: int = BATCH,
        receipts: Sequence[ReceiptBook] = (),
    ) -> None:
        self._outboxes = tuple(outboxes)
        self._sinks = tuple(sinks)
        self._clock = clock
        self._pause = pause
        self._batch = batch
        self._receipts = tuple(receipts)

    async def step(self) -> int:
        """Relay one batch of each outbox; returns how many events that were."""
        return sum([await self._relay(outbox) for outbox in self._outboxes])

    async def tidy(self) -> int:
        """Drop what was published or answered long ago; returns how many events that were."""
        before = self._clock() - KEPT
        for receipts in self._receipts:
            await receipts.forget(before)
        return sum([await outbox.forget_published(before) for outbox in self._outboxes])

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. A sink or a database that fails is reported and tried again, ever more slowly."""
        pause, tidied_at = self._pause, None
        while not stop.is_set():
            try:
                relayed = await self.step()
                if tidied_at is None or self._clock() - tidied_at >= TIDY_EVERY:
                    tidied_at = self._clock()
                    await self.tidy()
                pause = self._pause if relayed < self._batch else timedelta(0)
            except Exception:
                pause = min(max(pause, self._pause) * 2, LONGEST_PAUSE)
                LOG.exception("events cannot be relayed now; trying again in %s", pause)
            await _sleep_unless(stop, pause)

    async def _relay(self, outbox: Outbox) -> int:
        envelopes = await outbox.unpublished(self._batch)
        if envelopes:
            for sink in self._sinks:
                await sink.publish(envelopes)
            await outbox.mark_published([envelope.event_id for envelope in envelopes], self._clock())
        return len(envelopes)


async def _sleep_unless(stop: asyncio.Event, pause: timedelta) -> None:
    try:
        async with asyncio.timeout(pause.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
