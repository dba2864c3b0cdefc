"""The pack format, by properties: whatever goes in comes out, and a torn file gives its whole records."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import pack
from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind

HEADER = pack.PackHeader(UUID(int=3), datetime(2026, 11, 22, 9, 0, 0, 123456, UTC), b"k" * 16)
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RECORDS = st.builds(
    Record,
    offset=st.integers(0, 2**63 - 1),
    kind=st.sampled_from(RecordKind),
    stream_id=st.uuids(),
    seq=st.integers(0, 2**32 - 1),
    captured_at=INSTANTS,
    received_at=INSTANTS,
    body=st.binary(max_size=300),
)
LISTS = st.lists(RECORDS, max_size=8)


def open_file(records: list[Record]) -> bytes:
    return pack.encode_header(HEADER) + pack.encode_records(records)


def sealed_file(records: list[Record]) -> bytes:
    found = pack.scan(open_file(records))
    return open_file(records) + pack.encode_index(found.entries, found.end)


@given(LISTS)
def test_records_come_back_as_they_were(records: list[Record]) -> None:
    assert list(pack.decode_records(pack.encode_records(records))) == records


@given(LISTS)
def test_the_index_of_a_sealed_file_finds_every_record(records: list[Record]) -> None:
    data = sealed_file(records)
    start, length = pack.index_span(data[-pack.TRAILER_SIZE :], len(data))
    entries = pack.decode_index(data[start : start + length])

    assert pack.decode_header(data) == HEADER
    assert [pack.decode_record(data[entry.position : entry.end])[0] for entry in entries] == records
    assert entries == pack.scan(data).entries


@given(LISTS, st.data())
def test_a_torn_file_gives_its_whole_records(records: list[Record], data: st.DataObject) -> None:
    whole = open_file(records)
    cut = data.draw(st.integers(pack.HEADER_SIZE, len(whole)))
    found = pack.scan(whole[:cut])

    assert found.end <= cut
    assert list(pack.decode_records(whole[pack.HEADER_SIZE : found.end])) == records[: len(found.entries)]
    assert len(found.entries) == len(records) or cut < pack.scan(whole).entries[len(found.entries)].end


@given(LISTS.filter(bool), st.data())
def test_one_flipped_bit_ends_the_scan_before_it(records: list[Record], data: st.DataObject) -> None:
    whole = bytearray(open_file(records))
    place = data.draw(st.integers(pack.HEADER_SIZE, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))

    found = pack.scan(bytes(whole))

    assert found.end <= place


@given(st.binary(max_size=200))
def test_anything_else_is_refused_not_misread(noise: bytes) -> None:
    with pytest.raises(Failure) as refused:
        pack.scan(noise)

    assert refused.value.type is FailureType.INVALID


def test_an_open_file_has_no_index() -> None:
    data = open_file([])
    with pytest.raises(Failure):
        pack.index_span(data[-pack.TRAILER_SIZE :], len(data))


def test_a_damaged_index_is_refused() -> None:
    record = Record(1, RecordKind.FRAME, UUID(int=1), 1, HEADER.created_at, HEADER.created_at, b"x")
    data = bytearray(sealed_file([record]))
    start, length = pack.index_span(bytes(data[-pack.TRAILER_SIZE :]), len(data))
    data[start] ^= 1
    with pytest.raises(Failure):
        pack.decode_index(bytes(data[start : start + length]))
