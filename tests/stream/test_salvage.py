"""Whatever byte of a pack is flipped, cut off or gone: every record that is whole is read, and the rest is reported."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from schema import pack
from schema.record import Record, RecordKind
from schema.salvage import gaps, rewritten, salvage

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HEADER = pack.PackHeader(UUID(int=3), START)
FIRST = (1 << 32) + 1


def record(number: int, body: bytes) -> Record:
    at = START + timedelta(seconds=number)
    return Record(FIRST + number, RecordKind.FRAME, UUID(int=77), number + 1, at, at, body)


BODIES = st.lists(st.binary(max_size=200), max_size=8)
FILES = BODIES.map(lambda bodies: [record(number, body) for number, body in enumerate(bodies)])


def file_of(records: list[Record], *, is_sealed: bool) -> bytes:
    data = pack.encode_header(HEADER) + pack.encode_records(records)
    return data + pack.encode_index(pack.scan(data).entries, len(data)) if is_sealed else data


def read(data: bytes) -> list[Record]:
    return [pack.decode_record(data, entry.position)[0] for entry in salvage(data).entries]


@settings(max_examples=300, deadline=None)
@given(FILES, st.booleans(), st.data())
def test_a_flipped_byte_costs_the_record_it_is_in(
    records: list[Record], is_sealed: bool, data: st.DataObject
) -> None:
    whole = file_of(records, is_sealed=is_sealed)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at] ^= data.draw(st.integers(1, 255))
    hit = {entry.offset for entry in salvage(whole).entries if entry.position <= at < entry.end}

    assert read(bytes(damaged)) == [one for one in records if one.offset not in hit]
    assert salvage(bytes(damaged)).damages or (is_sealed and not salvage(bytes(damaged)).is_sealed)


@settings(max_examples=200, deadline=None)
@given(FILES, st.booleans(), st.data())
def test_a_piece_cut_out_costs_the_records_it_touches(
    records: list[Record], is_sealed: bool, data: st.DataObject
) -> None:
    whole = file_of(records, is_sealed=is_sealed)
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    hit = {entry.offset for entry in salvage(whole).entries if entry.position < end and start < entry.end}

    found = read(whole[:start] + whole[end:])

    assert [one for one in records if one.offset not in hit] == found


@given(FILES, st.data())
def test_what_is_whole_is_written_anew_and_what_is_missing_is_named(
    records: list[Record], data: st.DataObject
) -> None:
    kept = [one for one in records if data.draw(st.booleans())]
    whole = file_of(records, is_sealed=True)
    chosen = [entry for entry in salvage(whole).entries if entry.offset in {one.offset for one in kept}]

    again = rewritten(HEADER, whole, chosen)

    assert (read(again), salvage(again).is_sealed, salvage(again).damages) == (kept, True, ())
    missing = {
        offset
        for first, last in gaps(FIRST, FIRST + 7, [e.offset for e in chosen])
        for offset in range(first, last + 1)
    }
    assert missing == set(range(FIRST, FIRST + 8)) - {one.offset for one in kept}


@given(st.binary(max_size=400))
def test_noise_is_nothing_but_damage(noise: bytes) -> None:
    found = salvage(noise)

    assert not found.entries
    assert found.damages or not noise
