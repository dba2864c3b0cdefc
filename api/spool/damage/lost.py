"""Records that were accepted and cannot be read any more: the feed says so in their place, and goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from schema.pack import IndexEntry
from schema.record import ConnectionFact, ConnectionFactKind, Record, RecordKind


@dataclass(frozen=True, slots=True)
class Lost:
    """A run of offsets, both included; `at` is about when they were recorded."""

    first: int
    last: int
    at: datetime

    @classmethod
    def one(cls, entry: IndexEntry) -> Self:
        """The record of this entry."""
        return cls(entry.offset, entry.offset, entry.captured_at)

    def record(self) -> Record:
        """What a reader gets instead, under the last offset, so that it comes once."""
        kind = ConnectionFactKind.RECORDS_LOST
        fact = ConnectionFact(kind=kind, detail="damaged", lost=self.last - self.first + 1)
        return Record(self.last, RecordKind.CONNECTION, UUID(int=0), 0, self.at, self.at, fact.body())
