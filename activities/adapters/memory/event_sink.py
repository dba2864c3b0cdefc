"""The in-memory twin of an EventSink."""

from collections.abc import Sequence
from uuid import UUID

from schema.events import Envelope


class MemoryEventSink:
    """Implements EventSink; `events` are those that came, each once, in the order of their first coming."""

    def __init__(self) -> None:
        self._events: dict[UUID, Envelope] = {}

    @property
    def events(self) -> Sequence[Envelope]:
        """What was published."""
        return tuple(self._events.values())

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Takes the same event twice as one."""
        for envelope in envelopes:
            self._events.setdefault(envelope.event_id, envelope)
