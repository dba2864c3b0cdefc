"""Brings sealed segments into the object store."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from activities.ports import ObjectStore, SegmentBook, SegmentSource
from schema import pack
from schema.failures import Failure
from schema.record import RecordKind
from schema.salvage import rewritten, salvage
from schema.segment import Segment, object_name_of, quarantine_of

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
        if hashlib.sha256(data).hexdigest() != segment.sha256:
            data = await self._repaired(segment, data)
        name = object_name_of(segment)
        await self._store.put(name, data)
        await self._book.uploaded(segment.segment_id, name, self._now())

    async def _repaired(self, segment: Segment, damaged: bytes) -> bytes:
        """A pack of the records that are whole; the file as it was is kept in the lake's quarantine.

        Which records are missing, gaps in the offsets tell every reader.
        """
        found = await asyncio.to_thread(salvage, damaged)
        aside = f"{quarantine_of(segment.attempt_id)}/{segment.segment_id}.pack"
        await self._store.put(aside, damaged)
        header = pack.PackHeader(segment.attempt_id, segment.created_at)
        data = await asyncio.to_thread(rewritten, header, damaged, found.entries)
        frames = sum(entry.kind is RecordKind.FRAME for entry in found.entries)
        checksum = hashlib.sha256(data).hexdigest()
        await self._book.repaired(replace(segment, size=len(data), sha256=checksum, frames=frames))
        log.error(
            "segment %s of attempt %s is damaged: %s whole records go on, the file lies in %s; look at the disk of %s",
            *(segment.segment_id, segment.attempt_id, len(found.entries), aside, segment.node_id),
        )
        return data
