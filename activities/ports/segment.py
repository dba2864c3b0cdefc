"""Those who bring segments into the object store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.segment import Segment


class SegmentBook(Protocol):
    """What is known of segments (schema `_monitoring`)."""

    async def sealed(self, limit: int) -> Sequence[Segment]:
        """Segments that wait for their upload, oldest first."""

    async def uploaded(self, segment_id: UUID, object_name: str, at: datetime) -> None:
        """Remember where a sealed segment stands in the object store; doing it again changes nothing."""

    async def repaired(self, segment: Segment) -> None:
        """Remember size, checksum and frames of what took the place of a sealed segment's damaged pack."""


class SegmentSource(Protocol):
    """Reads a sealed segment from the node that has it."""

    async def read(self, segment: Segment) -> bytes:
        """The whole pack. Raises NOT_FOUND when the node has it no more, UNAVAILABLE when it does not answer."""
