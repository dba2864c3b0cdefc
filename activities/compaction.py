"""Joins the small event objects of a day that is over into one per topic, each event once.

Order makes it safe: the joined object is whole and checked before the first of its sources goes, so an event is in
one object or in two, never in none, and readers take an `event_id` once. A run that broke off is
finished by the next one. `events.jsonl` itself belongs to whoever appends to it and is left alone.

What is no event stays: its line is carried over as it is, so that the batch jobs go on counting it. The same bad
line in two objects is one that was written twice; in one object it counts as often as it stands there.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from activities.ports import ObjectStore
from schema.event_model import checked_event
from schema.events import Topic

LOG = logging.getLogger(__name__)
PIECE = 8 * 2**20  # bytes of an object in memory at once
SOURCES = "events-"


@dataclass(frozen=True, slots=True)
class Compaction:
    """What became of a topic's day; `lines` and `bad` are what the joined object holds."""

    topic: Topic
    day: date
    sources: int
    lines: int
    bad: int


class Compactor:
    """Over any object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def compact(self, day: date) -> Sequence[Compaction]:
        """Every topic of a day that is over; those with fewer than two objects are left as they are."""
        done = [await self._topic(topic, day) for topic in Topic]
        return [one for one in done if one is not None]

    async def _topic(self, topic: Topic, day: date) -> Compaction | None:
        folder = f"raw/events/{topic}/{day:%Y/%m/%d}"
        sources = await self._sources(folder)
        if len(sources) < 2:
            return None
        joint = _Joint(self._store, topic, sources)
        await self._store.put(f"{folder}/{_name(sources)}", joint.pieces())
        for source in sources:
            await self._store.delete(source)
        done = Compaction(topic, day, len(sources), joint.lines, joint.bad)
        LOG.info("%s of %s: %s objects are one, with %s lines", topic, day, done.sources, done.lines)
        return done

    async def _sources(self, folder: str) -> list[str]:
        names = [found.name for found in await self._store.list(folder)]
        start = f"{folder}/{SOURCES}"
        return [
            name
            for name in names
            if name.startswith(start) and name.endswith(".jsonl") and "/" not in name[len(start) :]
        ]


class _Joint:
    """The lines of several objects: events once, others as often as in the object that has most of them."""

    def __init__(self, store: ObjectStore, topic: Topic, sources: Sequence[str]) -> None:
        self._store = store
        self._topic = topic
        self._sources = sources
        self._events: set[UUID] = set()
        self._bad: Counter[bytes] = Counter()
        self.lines = 0

    @property
    def bad(self) -> int:
        """How many lines are no events."""
        return self._bad.total()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The joined object, piece by piece."""
        for source in self._sources:
            here: Counter[bytes] = Counter()
            async for lines in self._lines(source):
                kept = [line for line in lines if self._is_new(line, here)]
                self.lines += len(kept)
                yield b"".join(line + b"\n" for line in kept)

    def _is_new(self, line: bytes, here: Counter[bytes]) -> bool:
        try:
            event_id = checked_event(self._topic, line).event_id
        except ValueError:
            here[line] += 1
            is_new = here[line] > self._bad[line]
            self._bad[line] = max(here[line], self._bad[line])
            return is_new
        is_new = event_id not in self._events
        self._events.add(event_id)
        return is_new

    async def _lines(self, source: str) -> AsyncIterator[list[bytes]]:
        """Whole lines without their ends; the last one may lack its own, as it was cut off."""
        at, rest = 0, b""
        while piece := await self._store.get(source, at, PIECE):
            at += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            yield lines
        if rest:
            yield [rest]


def _name(sources: Sequence[str]) -> str:
    """Of the same sources the same: a run that is repeated replaces what the first one wrote."""
    said = "\n".join(sorted(sources)).encode()
    return f"{SOURCES}joined-{hashlib.sha256(said).hexdigest()[:32]}.jsonl"
