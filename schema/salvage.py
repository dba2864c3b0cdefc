"""What can still be read of a damaged pack: every record that is whole, wherever the damage is, and what is missing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schema import pack
from schema.failures import Failure
from schema.record import Record

# A record's head behind its checksum: a size below MAX_BODY, offset, kind, stream, seq, and two instants of this time.
_HEAD = re.compile(rb"(?s)(?=[\x00-\x03].{3}.{8}[\x01-\x0f].{16}.{4}\x00[\x03-\x07].{6}\x00[\x03-\x07])")
_CRC = 4


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that belong to no whole record, up to and without `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The whole records of a file in its order. `end` is where the last of them ends, `size` the file's."""

    entries: tuple[pack.IndexEntry, ...]
    damages: tuple[Damage, ...]
    is_sealed: bool
    size: int

    @property
    def end(self) -> int:
        """Where records could be appended."""
        return self.entries[-1].end if self.entries else pack.HEADER_SIZE


def salvage(data: bytes) -> Salvaged:
    """Read a file whose header, records or index may be damaged. A file without any damage has none of them."""
    records_end, is_sealed = _records_end(data)
    entries: list[pack.IndexEntry] = []
    damages: list[Damage] = []
    has_header = _has_header(data)
    position = pack.HEADER_SIZE if has_header else 0
    while position < records_end:
        found = _next_whole(data, position, entries[-1].offset if entries else -1)
        start = records_end if found is None else found.position
        if start > position or not (has_header or damages):
            damages.append(Damage(position, start))
        if found is None:
            break
        entries.append(found)
        position = found.end
    return Salvaged(tuple(entries), tuple(damages), is_sealed, len(data))


def gaps(first: int, last: int, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The offsets from `first` to `last` that are not there, as (first, last) of each gap."""
    expected = first
    for offset in offsets:
        if offset > expected:
            yield expected, min(offset - 1, last)
        expected = max(expected, offset + 1)
    if expected <= last:
        yield expected, last


def rewritten(header: pack.PackHeader, data: bytes, entries: Sequence[pack.IndexEntry]) -> bytes:
    """A sealed pack of the whole records only."""
    pieces = [pack.encode_header(header)]
    at, moved = pack.HEADER_SIZE, []
    for entry in entries:
        pieces.append(data[entry.position : entry.end])
        moved.append(pack.entry_of(_record(data, entry), at))
        at += entry.size
    return b"".join((*pieces, pack.encode_index(moved, at)))


def _record(data: bytes, entry: pack.IndexEntry) -> Record:
    return pack.decode_record(data, entry.position)[0]


def _has_header(data: bytes) -> bool:
    try:
        pack.decode_header(data)
    except Failure:
        return False
    return True


def _records_end(data: bytes) -> tuple[int, bool]:
    """Where the index begins, and whether there is a whole one; else the file's end."""
    try:
        at, length = pack.index_span(data[-pack.TRAILER_SIZE :], len(data))
        pack.decode_index(data[at : at + length])
    except (Failure, ValueError):
        return len(data), False
    return at, True


def _next_whole(data: bytes, position: int, after: int) -> pack.IndexEntry | None:
    here = _whole_at(data, position, after)
    if here is not None:
        return here
    candidates = (match.start() - _CRC for match in _HEAD.finditer(data, position + 1 + _CRC))
    return next((found for at in candidates if (found := _whole_at(data, at, after)) is not None), None)


def _whole_at(data: bytes, position: int, after: int) -> pack.IndexEntry | None:
    try:
        record, _ = pack.decode_record(data, position)
    except (Failure, ValueError, OverflowError):
        return None
    return pack.entry_of(record, position) if record.offset > after else None
