"""The pack format: an attempt's records one after the other, as spooled, uploaded and sent over the feed.

    file    = header record* [index trailer]
    header  = magic, version, attempt, key id (zeros: not encrypted), time of creation, CRC-32
    record  = CRC-32, body length, offset, kind, stream, seq, captured, received, body
    index   = one entry per record; written when the file is sealed, so an open or torn file has none
    trailer = position of the index, number of entries, CRC-32 of the index, magic

All numbers are big-endian; instants are microseconds since 1970 in UTC; positions count from the file's start.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zlib import crc32

from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind

VERSION = 1
NO_KEY = bytes(16)
MAX_BODY = 2**26
_MAGIC = b"PWPACK\r\n"
_END_MAGIC = b"PWINDEX\n"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_HEADER = struct.Struct(">8sHxx16s16sQ")
_CRC = struct.Struct(">I")
_RECORD = struct.Struct(">IQB16sIQQ")
_ENTRY = struct.Struct(">QB16sIQQI")
_TRAILER = struct.Struct(">QII8s")

HEADER_SIZE = _HEADER.size + _CRC.size
RECORD_HEAD_SIZE = _CRC.size + _RECORD.size
TRAILER_SIZE = _TRAILER.size


@dataclass(frozen=True, slots=True)
class PackHeader:
    """Whose records these are. `key_id` names the key of encrypted bodies; NO_KEY says they are plain."""

    attempt_id: UUID
    created_at: datetime
    key_id: bytes = NO_KEY


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """Where one record stands: `position` of its head in the file, `size` with the head."""

    offset: int
    kind: RecordKind
    stream_id: UUID
    seq: int
    captured_at: datetime
    position: int
    size: int

    @property
    def end(self) -> int:
        """The position after the record."""
        return self.position + self.size


@dataclass(frozen=True, slots=True)
class Scan:
    """What an unsealed file holds: whole records, and where the last whole one ends."""

    entries: tuple[IndexEntry, ...]
    end: int


def _stamp(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(stamp: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stamp)


def _broken(what: str) -> Failure:
    return Failure(FailureType.INVALID, f"This is not a whole pack: {what}.")


def encode_header(header: PackHeader) -> bytes:
    """The first HEADER_SIZE bytes of a file."""
    stamp = _stamp(header.created_at)
    head = _HEADER.pack(_MAGIC, VERSION, header.attempt_id.bytes, header.key_id, stamp)
    return head + _CRC.pack(crc32(head))


def decode_header(data: bytes) -> PackHeader:
    """Raises INVALID for anything else than a header of this version."""
    if len(data) < HEADER_SIZE:
        raise _broken("its header is torn")
    magic, version, attempt, key_id, stamp = _HEADER.unpack_from(data)
    if magic != _MAGIC or _CRC.unpack_from(data, _HEADER.size)[0] != crc32(data[: _HEADER.size]):
        raise _broken("its header is damaged")
    if version != VERSION:
        raise Failure(FailureType.UNSUPPORTED, f"Pack version {version} is unknown; this reads {VERSION}.")
    return PackHeader(UUID(bytes=attempt), _instant(stamp), key_id)


def encode_record(record: Record) -> bytes:
    """One record with its checksum."""
    head = _RECORD.pack(
        len(record.body),
        record.offset,
        record.kind,
        record.stream_id.bytes,
        record.seq,
        _stamp(record.captured_at),
        _stamp(record.received_at),
    )
    return b"".join((_CRC.pack(crc32(record.body, crc32(head))), head, record.body))


def decode_record(data: bytes, position: int = 0) -> tuple[Record, int]:
    """The record at a position, and the position after it. Raises INVALID when torn or damaged."""
    body_at = position + RECORD_HEAD_SIZE
    if len(data) < body_at:
        raise _broken(f"the record at {position} is torn")
    size, offset, kind, stream, seq, captured, received = _RECORD.unpack_from(data, position + _CRC.size)
    end = body_at + size
    if size > MAX_BODY or len(data) < end:
        raise _broken(f"the record at {position} is torn")
    if _CRC.unpack_from(data, position)[0] != crc32(memoryview(data)[position + _CRC.size : end]):
        raise _broken(f"the record at {position} is damaged")
    stamps = _instant(captured), _instant(received)
    record = Record(offset, RecordKind(kind), UUID(bytes=stream), seq, *stamps, bytes(data[body_at:end]))
    return record, end


def is_torn(data: bytes, position: int) -> bool:
    """Whether the data end within the record that begins here, so that it was never written whole."""
    if len(data) < position + RECORD_HEAD_SIZE:
        return True
    size = int.from_bytes(data[position + _CRC.size : position + 2 * _CRC.size])
    return size > MAX_BODY or len(data) < position + RECORD_HEAD_SIZE + size


def encode_records(records: Iterable[Record]) -> bytes:
    """Records without a file around them, as the feed sends them."""
    return b"".join(map(encode_record, records))


def decode_records(data: bytes) -> Iterator[Record]:
    """The records of `encode_records`. Raises INVALID where they are torn or damaged."""
    position = 0
    while position < len(data):
        record, position = decode_record(data, position)
        yield record


def entry_of(record: Record, position: int) -> IndexEntry:
    """The index entry of a record that stands at this position."""
    size = RECORD_HEAD_SIZE + len(record.body)
    key = record.offset, record.kind, record.stream_id, record.seq
    return IndexEntry(*key, record.captured_at, position, size)


def scan(data: bytes) -> Scan:
    """Whole records after the header up to the first torn or damaged one: what a crash left behind."""
    decode_header(data)
    entries: list[IndexEntry] = []
    position = HEADER_SIZE
    while position < len(data):
        try:
            record, end = decode_record(data, position)
        except Failure:
            break
        entries.append(entry_of(record, position))
        position = end
    return Scan(tuple(entries), position)


def encode_index(entries: Sequence[IndexEntry], at: int) -> bytes:
    """Index and trailer of a file whose records end at `at`."""
    index = b"".join(
        _ENTRY.pack(e.offset, e.kind, e.stream_id.bytes, e.seq, _stamp(e.captured_at), e.position, e.size)
        for e in entries
    )
    return index + _TRAILER.pack(at, len(entries), crc32(index), _END_MAGIC)


def index_span(trailer: bytes, size: int) -> tuple[int, int]:
    """(start, length) of index and trailer in a sealed file of `size` bytes. Raises INVALID when it is not sealed."""
    if len(trailer) != TRAILER_SIZE or size < HEADER_SIZE + TRAILER_SIZE:
        raise _broken("it has no trailer")
    at, count, _, magic = _TRAILER.unpack(trailer)
    if magic != _END_MAGIC or at + count * _ENTRY.size + TRAILER_SIZE != size:
        raise _broken("it has no trailer")
    return at, size - at


def decode_index(data: bytes) -> tuple[IndexEntry, ...]:
    """The entries of index and trailer as `index_span` names them. Raises INVALID when damaged."""
    index, trailer = data[:-TRAILER_SIZE], data[-TRAILER_SIZE:]
    _, count, checksum, magic = _TRAILER.unpack(trailer)
    if magic != _END_MAGIC or len(index) != count * _ENTRY.size or checksum != crc32(index):
        raise _broken("its index is damaged")
    return tuple(
        IndexEntry(offset, RecordKind(kind), UUID(bytes=stream), seq, _instant(captured), position, size)
        for offset, kind, stream, seq, captured, position, size in _ENTRY.iter_unpack(index)
    )
