"""Brings sealed segments into the object store."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime

from activities.ports import ObjectStore, SegmentBook, SegmentSource
from schema.failures import Failure, FailureType
from schema.segment import Segment, object_name_of

log = logging.getLogger(__name__)

BATCH = 200


class SegmentUploader:
    """Uploads what is sealed; a loop of the `proctor-io` worker calls `upload_sealed` every few seconds.

    Several may run at once: a segment's bytes and its name never change, so the same upload twice is one.
    """

    def __init__(
        self, book: SegmentBook, source: SegmentSource, store: ObjectStore, now: Callable[[], datetime]
    ) -> None:
        self._book = book
        self._source = source
        self._store = store
        self._now = now

    async def upload_sealed(self) -> int:
        """Upload the oldest sealed segments; how many were. One that fails is logged, and tried at the next call."""
        uploaded = 0
        for segment in await self._book.sealed(BATCH):
            try:
                await self._upload(segment)
            except Failure as failure:
                log.warning("segment %s was not uploaded: %s", segment.segment_id, failure.message)
            else:
                uploaded += 1
        return uploaded

    async def _upload(self, segment: Segment) -> None:
        data = await self._source.read(segment)
        found = hashlib.sha256(data).hexdigest()
        if found != segment.sha256:
            raise Failure(
                FailureType.CONFLICT,
                f"Segment {segment.segment_id} of attempt {segment.attempt_id} reads with SHA-256 {found}, but was "
                f"sealed with {segment.sha256}; look at the disk of node {segment.node_id}.",
            )
        name = object_name_of(segment)
        await self._store.put(name, data)
        await self._book.uploaded(segment.segment_id, name, self._now())
