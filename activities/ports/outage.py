"""What the platform recorded of its own service, and what it owes for its silences (schema `_reservations`)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.outage.interval import Interval
from schema.outage.mark import ServiceMark
from schema.outage.task import Loss


class ServiceBook(Protocol):
    """Marks of service, the gaps between them, and which node served whom."""

    async def mark(self, marks: Collection[ServiceMark]) -> float:
        """Write that a node serves; a gap since the last mark is an outage where it is longer than tolerated.

        Returns the reading of the machine's clock at that moment.
        """

    async def stay(self, node_id: str, seen: Mapping[UUID, Interval]) -> None:
        """Write from when until when the browsers of these attempts were seen at a node."""


class OutageBook(Protocol):
    """What each attempt lost by outages, from its record to its settlement."""

    async def is_settled(self, attempt_id: UUID, until: datetime, now: datetime) -> bool:
        """Whether it is known how the attempt was served up to then, and it is served again."""

    async def record(self, now: datetime, attempt_id: UUID | None = None) -> int:
        """Write down what is lost and over, of one attempt or of all; returns how many losses are new."""

    async def owed(self, attempt_id: UUID | None = None) -> Sequence[Loss]:
        """Losses that were recorded and not given back, the oldest first.

        One that was refused is owed again once its attempt was reopened.
        """

    async def refuse(self, loss: Loss, why: str, now: datetime) -> None:
        """Nothing can be given back for it; one that was given back stays so."""
