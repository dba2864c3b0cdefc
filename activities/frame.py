"""Reads the frames of an attempt, from spool or lake alike."""

from collections.abc import AsyncIterator
from uuid import UUID

from activities.ports import RecordFeed
from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind

PAGE = 200  # records
PICTURES = frozenset({RecordKind.FRAME, RecordKind.SCREEN})


class FrameReader:
    """Frames by offset, one by one and in order, for reports, reviews and recordings."""

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

    async def frames(
        self, attempt_id: UUID, after: int, limit: int, kind: RecordKind = RecordKind.FRAME
    ) -> tuple[Record, ...]:
        """The frames among the next records after an offset; at most as many as one page of the feed brings."""
        page = await self._feed.read(attempt_id, after, limit, 0)
        return tuple(record for record in page.records if record.kind is kind)

    async def every_frame(self, attempt_id: UUID) -> AsyncIterator[Record]:
        """All of an attempt that is over, of the camera and the screen, in the order they arrived, page by page.

        Raises UNAVAILABLE where what follows cannot be read now: what was given until then is not all.
        """
        after = -1
        while (page := await self._feed.read(attempt_id, after, PAGE, 0)).records:
            for record in page.records:
                if record.kind in PICTURES:
                    yield record
            after = page.records[-1].offset
        if not page.is_final:
            what = f"what follows offset {after} of this attempt's stream cannot be read now"
            raise Failure(FailureType.UNAVAILABLE, what, attempt_id=attempt_id)
