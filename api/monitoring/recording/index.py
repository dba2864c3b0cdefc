"""Cuts an attempt's frames into parts that one ranged read gets, and a stretch of time out of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schema.pack import IndexEntry
from schema.record import RecordKind

PART_BYTES = 2**20  # of ten minutes at a frame a second some fifteen, instead of six hundred single pictures
PART_RECORDS = 400


@dataclass(frozen=True, slots=True)
class FilmPart:
    """Records that stand side by side in one pack: the `limit` next ones after an offset."""

    after: int
    entries: Sequence[IndexEntry]

    @property
    def limit(self) -> int:
        """How many records there are, frames and others."""
        return len(self.entries)

    @property
    def size(self) -> int:
        """Bytes of all records."""
        return sum(entry.size for entry in self.entries)

    def frames(self, since: datetime | None, until: datetime | None) -> list[IndexEntry]:
        """Its frames of a stretch of time."""
        return [entry for entry in self.entries if _is_within(entry, since, until)]


def parts_of(segments: Iterable[Sequence[IndexEntry]]) -> Iterator[FilmPart]:
    """The records of each segment in parts of at most PART_BYTES, or of one record that is larger."""
    for entries in segments:
        part: list[IndexEntry] = []
        for entry in entries:
            if part and (len(part) == PART_RECORDS or entry.end - part[0].position > PART_BYTES):
                yield FilmPart(part[0].offset - 1, part)
                part = []
            part.append(entry)
        if part:
            yield FilmPart(part[0].offset - 1, part)


def _is_within(entry: IndexEntry, since: datetime | None, until: datetime | None) -> bool:
    if entry.kind is not RecordKind.FRAME:
        return False
    return (since is None or entry.captured_at >= since) and (until is None or entry.captured_at < until)
