"""Cuts an attempt's frames into parts that one ranged read gets, and a stretch of time out of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.spool.feed import Piece
from schema.pack import IndexEntry
from schema.record import RecordKind

PART_BYTES = 2**20  # of ten minutes at a frame a second some fifteen, instead of six hundred single pictures
PART_RECORDS = 400
MOST_RECORDS = 500  # in one answer


@dataclass(frozen=True, slots=True)
class FilmPart:
    """Records that stand side by side in one pack: the `limit` next ones after an offset."""

    after: int
    entries: Sequence[IndexEntry]
    spare: int = 0  # for what the feed says is lost, between records that are whole

    @property
    def limit(self) -> int:
        """How many records to ask for, frames and others."""
        return min(len(self.entries) + self.spare, MOST_RECORDS)

    @property
    def size(self) -> int:
        """Bytes of all records."""
        return sum(entry.size for entry in self.entries)

    def frames(self, kind: RecordKind, since: datetime | None, until: datetime | None) -> list[IndexEntry]:
        """Its pictures of a track in a stretch of time."""
        return [entry for entry in self.entries if entry.kind is kind and _is_within(entry, since, until)]


def parts_of(pieces: Iterable[Piece]) -> Iterator[FilmPart]:
    """The records of each piece in parts of at most PART_BYTES, or of one record that is larger."""
    for piece in pieces:
        spare = len(piece.lost)
        part: list[IndexEntry] = []
        for entry in tuple(piece.entries):
            if part and (len(part) == PART_RECORDS or entry.end - part[0].position > PART_BYTES):
                yield FilmPart(part[0].offset - 1, part, spare)
                part = []
            part.append(entry)
        if part:
            yield FilmPart(part[0].offset - 1, part, spare)


def _is_within(entry: IndexEntry, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or entry.captured_at >= since) and (until is None or entry.captured_at < until)
