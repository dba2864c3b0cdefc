"""Reads single frames of an attempt, from spool or lake alike."""

from uuid import UUID

from activities.ports import RecordFeed
from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind


class FrameReader:
    """Frames by offset, for reports and reviews."""

    def __init__(self, feed: RecordFeed) -> None:
        self._feed = feed

    async def frame(self, attempt_id: UUID, offset: int) -> Record:
        """The frame at this offset. Raises NOT_FOUND."""
        page = await self._feed.read(attempt_id, offset - 1, 1, 0)
        for record in page.records:
            if record.offset == offset and record.kind is RecordKind.FRAME:
                return record
        raise Failure(
            FailureType.NOT_FOUND, f"This attempt has no frame at offset {offset}.", attempt_id=attempt_id
        )
