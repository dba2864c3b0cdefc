"""A disk that refuses: nothing that was not written is acknowledged, and the stream goes on elsewhere on the disk."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from api.spool.ledger import Ledger, Standing
from api.spool.pack_file import PackFile
from api.spool.running import RunningSpool
from schema import pack
from schema.failures import Failure, FailureType
from schema.record import ConnectionFactKind, Record, RecordKind
from schema.stream import CloseCode
from tests.stream.node import Node
from tests.stream.test_ending import facts
from tests.stream.watching import START

HEADER = pack.PackHeader(UUID(int=1), START)


def record(number: int, body: bytes = b"picture") -> Record:
    return Record(number, RecordKind.FRAME, UUID(int=2), number, START, START, body)


def refuse_writing(file: PackFile) -> None:
    """The handle stays and takes no more bytes, as a disk that went read-only."""
    broken = os.open(file.path, os.O_RDONLY)
    os.dup2(broken, file._handle)
    os.close(broken)


async def test_a_disk_that_refuses_closes_the_stream_and_loses_nothing_acknowledged(
    node: Node, spool: RunningSpool
) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        acked = (await browser.acks(1))[1]
        refuse_writing(spool.spool.attempts[attempt].segments[-1].file)
        await browser.send_frame(2)
        said, code = await browser.farewell()
    async with node.browser(attempt, student) as again:
        await again.send_frame(1, stream_id=browser.stream_id)
        await again.send_frame(2, stream_id=browser.stream_id)
        acks = await again.acks(2)
        await spool.keeper.keep(is_slow_round=True)
        records = await node.records(attempt)

    assert code == CloseCode.STORAGE_TROUBLE
    assert said.may_reconnect
    assert acks[1] == acked
    assert [one.seq for one in records if one.kind is RecordKind.FRAME] == [1, 2]
    assert facts(list(records)) == [
        ConnectionFactKind.OPENED,
        ConnectionFactKind.SERVER_RESTARTED,
        ConnectionFactKind.CLOSED,
        ConnectionFactKind.OPENED,
    ]


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = PackFile.create(tmp_path / "spool" / "attempt" / "one.pack", HEADER)
    file.append([pack.encode_record(record(1))])
    before = file.path.read_bytes()
    refuse_writing(file)
    with pytest.raises(OSError, match=r"Bad file descriptor|Invalid argument"):
        file.append([pack.encode_record(record(2))])

    assert file.path.read_bytes() == before


def test_recovery_cuts_a_torn_record_and_an_old_index(tmp_path: Path) -> None:
    path = tmp_path / "spool" / "attempt" / "one.pack"
    file = PackFile.create(path, HEADER)
    file.append([pack.encode_record(record(number)) for number in range(1, 2000)])
    whole = path.read_bytes()
    file.seal(pack.scan(whole).entries)
    file.close()
    with path.open("ab") as torn:
        torn.write(pack.encode_record(record(2000))[:-1])

    mended, found = PackFile.recover(path, HEADER, tmp_path / "aside")

    assert [entry.offset for entry in found.entries] == list(range(1, 2000))
    assert path.read_bytes() == whole
    assert mended.size == len(whole)
    mended.close()


def test_a_gap_in_the_sequence_is_filled_later() -> None:
    ledger = Ledger(window=10)
    ledger.add_stream(UUID(int=2))
    ledger.confirm([pack.entry_of(record(9), 0)])

    assert ledger.find(UUID(int=2), 9) == 9
    assert ledger.find(UUID(int=2), 3) is Standing.NEW
    with pytest.raises(Failure) as refused:
        ledger.find(UUID(int=2), 20)
    assert refused.value.type is FailureType.TOO_MANY
