"""A segment that takes records: those that are durable, and those that wait for the next sync."""

import asyncio
from collections.abc import Callable, Sequence

from api.spool.pack_file import PackFile
from schema import pack
from schema.record import Record, RecordKind
from schema.segment import Segment

Waiting = list[tuple[pack.IndexEntry, bytes]]
Durable = Callable[[Sequence[pack.IndexEntry]], None]


class OpenSegment:
    """Appends are queued here and written by the group sync; only durable records are readable."""

    def __init__(
        self, segment: Segment, file: PackFile, wake: Callable[["OpenSegment"], None], tell: Durable
    ) -> None:
        self.segment = segment
        self.file = file
        self.entries: list[pack.IndexEntry] = []
        self.frames = 0
        self.is_sealed = False
        self.trouble: OSError | None = None
        self._wake = wake
        self._tell = tell
        self._end = file.size
        self._waiting: Waiting = []
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def size(self) -> int:
        """Bytes with those that wait."""
        return self._end

    def append(self, record: Record) -> None:
        """Queue a record for the next sync."""
        data = pack.encode_record(record)
        entry = pack.entry_of(record, self._end)
        self._end = entry.end
        self._waiting.append((entry, data))
        self._idle.clear()
        self._wake(self)

    def take(self) -> Waiting:
        """What the sync is to write now."""
        taken, self._waiting = self._waiting, []
        return taken

    def settle(self, taken: Waiting, trouble: OSError | None) -> None:
        """The sync is done with what it took, or has failed; after a failure nothing more is written."""
        self.trouble = self.trouble or trouble
        if self.trouble is not None:
            self._waiting.clear()
        else:
            entries = [entry for entry, _ in taken]
            self.entries += entries
            self.frames += sum(entry.kind is RecordKind.FRAME for entry in entries)
        if not self._waiting:
            self._idle.set()
        self._tell(() if self.trouble else [entry for entry, _ in taken])

    async def flush(self) -> None:
        """Wait until nothing waits. Raises OSError when it could not be written."""
        await self._idle.wait()
        if self.trouble is not None:
            raise self.trouble
