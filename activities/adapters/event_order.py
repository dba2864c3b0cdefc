"""Puts events into the order in which they were born, per attempt and source, each once."""

from collections import OrderedDict, defaultdict
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from schema.events import Envelope, Source

REMEMBERED = 100_000  # events and attempts; whoever comes again later than that meets sinks that dedupe
Key = TypeVar("Key")
Value = TypeVar("Value")
Line = tuple[UUID, Source]
Turn = tuple[int, UUID]  # sequence, and the event's id should two claim the same one


class EventOrder:
    """Holds an event back until the one before it has been given, or until it has waited for `patience`.

    An attempt's events come from twelve topics, each in order, together in none. Nothing is ever kept back
    for good: a predecessor may have expired, lie in quarantine, or have been given before this process began.
    """

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._seen: OrderedDict[UUID, None] = OrderedDict()
        self._given: OrderedDict[Line, int] = OrderedDict()
        self._held: dict[Line, dict[Turn, tuple[Envelope, datetime]]] = defaultdict(dict)
        self.repeated = 0
        self.out_of_order = 0

    def add(self, event: Envelope, at: datetime) -> bool:
        """Take an event that came now; false for one that came before."""
        if event.event_id in self._seen:
            self.repeated += 1
            return False
        _remember(self._seen, event.event_id, None)
        self._held[event.attempt_id, event.source][event.sequence, event.event_id] = (event, at)
        return True

    def take(self, now: datetime) -> list[Envelope]:
        """The events whose turn has come, in order within each line."""
        ready: list[Envelope] = []
        for line in list(self._held):
            ready += self._take_from(line, now)
            if not self._held[line]:
                del self._held[line]
        return ready

    def _take_from(self, line: Line, now: datetime) -> list[Envelope]:
        ready: list[Envelope] = []
        held = self._held[line]
        for turn in sorted(held):
            (sequence, _), (event, came_at) = turn, held[turn]
            last = self._given.get(line, 0)
            if sequence != last + 1:
                if sequence > last and now - came_at < self._patience:
                    break
                self.out_of_order += 1
            _remember(self._given, line, max(last, sequence))
            ready.append(event)
            del held[turn]
        return ready


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
