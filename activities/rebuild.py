"""Fills a store of events again from the lake's files: whatever line is whole is an event, and the rest is counted."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from activities.ports import EventSink, ObjectStore
from schema.event_model import checked_event
from schema.events import Envelope, Topic

LOG = logging.getLogger(__name__)
BATCH = 500


@dataclass(slots=True)
class Rebuilt:
    """What a day's files held: events, each counted once, and lines that are none."""

    events: int = 0
    bad: int = 0


class Rebuilder:
    """Reads the lake's events and gives them to a sink, which takes an event once however often it comes."""

    def __init__(self, store: ObjectStore, sink: EventSink) -> None:
        self._store = store
        self._sink = sink

    async def rebuild(self, day: date) -> Rebuilt:
        """Every topic of a day; safe to repeat."""
        done, seen = Rebuilt(), set[UUID]()
        for topic in Topic:
            for kept in await self._store.list(f"raw/events/{topic}/{day:%Y/%m/%d}"):
                events = list(self._events(topic, await self._store.get(kept.name), done))
                new = [event for event in events if event.event_id not in seen]
                seen |= {event.event_id for event in new}
                await self._publish(new)
        done.events = len(seen)
        return done

    def _events(self, topic: Topic, data: bytes, done: Rebuilt) -> Iterator[Envelope]:
        for line in data.splitlines():
            try:
                yield checked_event(topic, line)
            except ValueError:
                done.bad += 1
                LOG.warning("a line of %s is no event: %s", topic, line[:80])

    async def _publish(self, events: Sequence[Envelope]) -> None:
        for first in range(0, len(events), BATCH):
            await self._sink.publish(events[first : first + BATCH])
