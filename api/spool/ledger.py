"""Which frames and events of an attempt were accepted, so that one sent again gets its first acknowledgement."""

from array import array
from collections.abc import Iterable
from enum import Enum
from uuid import UUID

from schema.failures import Failure, FailureType
from schema.pack import IndexEntry


class Standing(Enum):
    """What is known of a key."""

    NEW = 0
    WAITING = 1  # accepted; its acknowledgement comes with the next sync


class Ledger:
    """Maps (stream_id, seq) to the offset; eight bytes a record, seq counts from 1."""

    def __init__(self, window: int) -> None:
        self.window = window
        self._offsets: dict[UUID, array[int]] = {}
        self._waiting: set[tuple[UUID, int]] = set()

    def add_stream(self, stream_id: UUID) -> None:
        """Take records of this stream."""
        self._offsets.setdefault(stream_id, array("Q", [0]))

    def find(self, stream_id: UUID, seq: int) -> int | Standing:
        """The offset of a durable record, or how it stands. Raises INVALID for a foreign stream or a seq too far."""
        offsets = self._offsets.get(stream_id)
        if offsets is None:
            raise Failure(FailureType.INVALID, "This stream is none of this attempt; use the id of `ready`.")
        limit = len(offsets) - 1 + self.window
        if seq > limit:
            raise Failure(
                FailureType.TOO_MANY,
                f"seq {seq} is beyond the window: at most {self.window} records may be unacknowledged, so "
                f"{limit} is the limit now.",
                limit=limit,
            )
        if seq < len(offsets) and offsets[seq]:
            return offsets[seq]
        return Standing.WAITING if (stream_id, seq) in self._waiting else Standing.NEW

    def expect(self, stream_id: UUID, seq: int) -> None:
        """The record was accepted and waits for the sync."""
        self._waiting.add((stream_id, seq))

    def confirm(self, entries: Iterable[IndexEntry]) -> None:
        """These records are durable; the node's own (seq 0) are not counted."""
        for entry in entries:
            if entry.seq == 0:
                continue
            self.add_stream(entry.stream_id)
            offsets = self._offsets[entry.stream_id]
            if len(offsets) <= entry.seq:
                offsets.extend([0] * (entry.seq + 1 - len(offsets)))
            offsets[entry.seq] = entry.offset
            self._waiting.discard((entry.stream_id, entry.seq))

    def forget_waiting(self) -> None:
        """What waited could not be written: sent again, it is new."""
        self._waiting.clear()
