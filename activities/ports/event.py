"""Events between a schema's outbox and those who take them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.events import Envelope, Source


class Outbox(Protocol):
    """The unpublished events of one schema, as one relay sees them: each relay has marks of its own."""

    source: Source

    async def unpublished(self, limit: int) -> Sequence[Envelope]:
        """The oldest unpublished events."""

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        """They need not be relayed again."""

    async def forget_published(self, before: datetime) -> int:
        """Drop events that were published before this instant; returns how many."""


class ReceiptBook(Protocol):
    """The answers that one schema keeps for requests that are sent again."""

    async def forget(self, before: datetime) -> int:
        """Drop what was answered before this instant; returns how many."""


class EventSink(Protocol):
    """Where the relay takes events: the lake's files, the projection, Kafka. Takes the same event twice as one."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns once all are durable."""
