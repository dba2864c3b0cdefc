"""Files that are damaged, cut or gone: what is whole is served, and the rest is said in its place."""

import asyncio
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from activities.adapters.sql.data_purge import MONITORING, SqlDataPurge
from schema.db.session import Databases
from schema.record import ConnectionFact, ConnectionFactKind, Record, RecordKind
from schema.retention import DataClass, DeleteData
from schema.salvage import salvage
from schema.segment import SegmentState
from schema.settings import Settings
from tests.stream.browser import jpeg
from tests.stream.node import WAIT, Node, serving
from tests.stream.test_ending import facts

COUNT = 12
BODY = jpeg(5)
LOST = ConnectionFactKind.RECORDS_LOST


async def streamed(node: Node) -> UUID:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        for seq in range(1, COUNT + 1):
            await browser.send_frame(seq, BODY)
        await browser.acks(COUNT)
    return attempt


def pack_of(settings: Settings, attempt: UUID) -> Path:
    (path,) = (settings.spool_dir / str(attempt)).glob("*.pack")
    return path


def flip(path: Path, seq: int) -> None:
    """One byte in the middle of this frame."""
    data = bytearray(path.read_bytes())
    entry = next(entry for entry in salvage(bytes(data)).entries if entry.seq == seq)
    data[(entry.position + entry.end) // 2] ^= 1
    path.write_bytes(data)


def seqs(records: list[Record]) -> list[int]:
    return [record.seq for record in records if record.kind is RecordKind.FRAME]


def lost(records: list[Record]) -> int:
    bodies = [record.body for record in records if record.kind is RecordKind.CONNECTION]
    return sum(ConnectionFact.model_validate_json(body).lost for body in bodies)


async def sealed(node: Node, attempt: UUID, state: SegmentState = SegmentState.SEALED) -> None:
    async with asyncio.timeout(WAIT):
        while [row.state for row in await node.segments.of_attempt(attempt)] != [state]:
            await asyncio.sleep(0.05)


ALL_BUT_FIVE = [seq for seq in range(1, COUNT + 1) if seq != 5]


async def test_one_flipped_byte_in_a_file_that_was_open_costs_one_frame(
    settings: Settings, tmp_path: Path
) -> None:
    databases = Databases.open(settings.database_url_of)
    async with serving(settings) as (node, _):
        attempt, student = await node.open_attempt()
        async with node.browser(attempt, student) as browser:
            for seq in range(1, COUNT + 1):
                await browser.send_frame(seq, BODY)
            await browser.acks(COUNT)
            path = pack_of(settings, attempt)
            # As it is on the disk at this moment: what a crash would leave behind.
            shutil.copytree(tmp_path, tmp_path.parent / f"{tmp_path.name}-crashed")
    await databases.close()
    crashed = settings.model_copy(update={"var_dir": tmp_path.parent / f"{tmp_path.name}-crashed"})
    flip(crashed.spool_dir / str(attempt) / path.name, 5)

    async with serving(crashed) as (node, running):
        records = list(await node.records(attempt))
        aside = list((crashed.spool_dir / "quarantine" / str(attempt)).glob("*.pack"))
        await running.keeper.keep(is_slow_round=True)
        kept = [path.is_file() for path in aside]
        purge = SqlDataPurge(node.databases.monitoring, MONITORING)
        await purge.purge(DeleteData(attempt_id=attempt, data_class=DataClass.MEDIA))
        await running.keeper.keep(is_slow_round=True)

    assert seqs(records) == ALL_BUT_FIVE
    assert lost(records) == 1
    assert LOST in facts(records)
    assert kept == [True]
    assert not list((crashed.spool_dir / "quarantine").iterdir())


async def test_a_sealed_file_is_read_around_its_damage_and_uploaded_once(
    node: Node, settings: Settings
) -> None:
    attempt = await streamed(node)
    await sealed(node, attempt)
    path = pack_of(settings, attempt)
    flip(path, 5)

    before = list(await node.records(attempt))
    uploads = [await node.uploader.upload_sealed() for _ in range(2)]
    path.unlink()
    after = list(await node.records(attempt))

    assert (seqs(before), lost(before)) == (ALL_BUT_FIVE, 1)
    assert (seqs(after), lost(after)) == (ALL_BUT_FIVE, 1)
    assert uploads == [1, 0]
    assert len(await node.store.list("quarantine/frames")) == 1


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99], ids=["all of it", "half of it", "its index"])
async def test_a_pack_of_the_lake_that_was_cut_gives_what_is_left(
    node: Node, settings: Settings, share: float
) -> None:
    attempt = await streamed(node)
    await sealed(node, attempt)
    await node.uploader.upload_sealed()
    (segment,) = await node.segments.of_attempt(attempt)
    pack_of(settings, attempt).unlink()
    kept = settings.lake_dir / segment.object_name
    data = kept.read_bytes()
    kept.write_bytes(data[: int(len(data) * share)])

    records = list(await node.records(attempt))

    assert len(records) == len({record.offset for record in records})
    assert (
        sum(record.kind is not RecordKind.CONNECTION or LOST not in facts([record]) for record in records)
        + lost(records)
        == COUNT + 2
    )
    assert seqs(records) == list(range(1, len(seqs(records)) + 1))


async def test_files_that_are_gone_hold_nobody_up(node: Node, settings: Settings) -> None:
    attempt = await streamed(node)
    await sealed(node, attempt)
    pack_of(settings, attempt).unlink()
    await node.feeds.close(attempt)

    async with asyncio.timeout(WAIT):
        records = list(await node.until_final(attempt))

    assert lost(records) == COUNT + 2
    assert facts(records)[-1] is ConnectionFactKind.ENDED
