"""The internal feed and the way of segments: spool, lake, trimmed, and read back the same from everywhere."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from activities.adapters.feed import HttpRecordFeed
from activities.adapters.memory.feed import MemoryRecordFeed
from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.frame import FrameReader
from activities.ports import RecordFeed
from api.monitoring.feed import LONGEST_WAIT
from api.spool.running import RunningSpool
from schema import pack
from schema.analysis import Analysis
from schema.db.tables.monitoring import SegmentRow
from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind
from schema.segment import SegmentState
from tests.stream.node import Node, internal_client
from tests.stream.task import watch_task


async def stream_frames(node: Node, attempt: UUID, student: UUID, count: int) -> None:
    async with node.browser(attempt, student) as browser:
        for seq in range(1, count + 1):
            await browser.send_frame(seq)
        await browser.acks(count)


async def analysed(node: Node, attempt: UUID, offset: int) -> None:
    """Let the checkpoint stand at this offset."""
    book = SqlCheckpointBook(node.databases.monitoring)
    lease = await book.take_lease(attempt, "test")
    await book.commit(lease, watch_task(attempt), Analysis(b"{}", offset, (), 0, 0))


async def states(node: Node, attempt: UUID) -> list[str]:
    query = select(SegmentRow.state).where(SegmentRow.attempt_id == attempt).order_by(SegmentRow.first_offset)
    async with node.databases.monitoring.read() as session:
        return list(await session.scalars(query))


@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_pages_follow_one_another_without_gap_or_repeat(node: Node, limit: int) -> None:
    attempt, student = await node.open_attempt()
    await stream_frames(node, attempt, student, 10)

    records = await node.records(attempt, limit=limit)

    assert [record.seq for record in records if record.seq] == list(range(1, 11))
    assert [record.offset for record in records] == sorted({record.offset for record in records})


async def test_a_reader_that_waits_gets_a_record_as_soon_as_it_is_durable(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        last = (await node.feed.read(attempt, -1, 10, 5)).records[-1].offset
        waiting = asyncio.create_task(node.feed.read(attempt, last, 10, LONGEST_WAIT))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await browser.send_frame(1)
        began = time.monotonic()
        page = await waiting

    assert [record.seq for record in page.records] == [1]
    assert time.monotonic() - began < LONGEST_WAIT - 1


async def test_a_reader_that_waits_in_vain_gets_an_empty_page(node: Node) -> None:
    attempt, _ = await node.open_attempt()

    page = await node.feed.read(attempt, -1, 10, 0.2)

    assert page.records == ()
    assert not page.is_final


@pytest.mark.parametrize("token", ["none", "wrong"])
async def test_the_feed_is_for_our_own_processes_only(node: Node, token: str) -> None:
    attempt, _ = await node.open_attempt()
    client = internal_client(node.settings.internal_api_url, token)
    with pytest.raises(Failure) as refused:
        await HttpRecordFeed(client).read(attempt, -1, 10, 0)
    await client.aclose()

    assert refused.value.type is FailureType.UNAUTHENTICATED


async def test_a_node_that_does_not_answer_is_a_failure_worth_retrying(node: Node) -> None:
    client = internal_client("http://127.0.0.1:9", "x")
    with pytest.raises(Failure) as refused:
        await HttpRecordFeed(client).read(UUID(int=1), -1, 10, 0)
    await client.aclose()

    assert refused.value.is_retryable


async def test_uploaded_and_analysed_segments_are_trimmed_and_read_back_from_the_lake(
    node: Node, spool: RunningSpool
) -> None:
    attempt, student = await node.open_attempt()
    await stream_frames(node, attempt, student, 5)
    await asyncio.sleep(0)
    before = await sealed_records(node, attempt)
    uploaded = await node.uploader.upload_sealed()
    again = await node.uploader.upload_sealed()
    await spool.keeper.keep(is_slow_round=True)
    assert await states(node, attempt) == [SegmentState.UPLOADED]
    await analysed(node, attempt, before[-1].offset)
    await spool.keeper.keep(is_slow_round=True)
    after = await node.records(attempt)

    assert (uploaded, again) == (1, 0)
    assert await states(node, attempt) == [SegmentState.TRIMMED]
    assert list(node.settings.spool_dir.rglob("*.pack")) == []
    assert after == before
    (name,) = [stored.name for stored in await node.store.list("raw/frames")]
    assert ":" not in name
    assert name.endswith(f"/{attempt}/{before[0].offset}-{before[-1].offset}.pack")
    frame = await FrameReader(node.feed).frame(attempt, before[2].offset)
    assert frame == before[2]


async def test_a_trimmed_frame_that_is_sent_again_gets_its_first_acknowledgement(
    node: Node, spool: RunningSpool
) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        first = (await browser.acks(1))[1]
    records = await sealed_records(node, attempt)
    await node.uploader.upload_sealed()
    await analysed(node, attempt, records[-1].offset)
    await spool.keeper.keep(is_slow_round=True)
    spool.spool.attempts.clear()  # as after a restart: what is known comes from the disk
    async with node.browser(attempt, student) as again:
        await again.send_frame(1, stream_id=browser.stream_id)
        second = (await again.acks(1))[1]

    assert (await states(node, attempt))[0] == SegmentState.TRIMMED
    assert second == first


async def test_a_segment_that_changed_on_disk_is_set_aside_and_its_whole_records_go_on(node: Node) -> None:
    attempt, student = await node.open_attempt()
    await stream_frames(node, attempt, student, 2)
    await sealed_records(node, attempt)
    async with node.databases.monitoring.write() as session:
        await session.execute(update(SegmentRow).values(sha256="0" * 64))

    assert [await node.uploader.upload_sealed() for _ in range(2)] == [1, 0]
    assert len(await node.store.list("quarantine")) == len(await node.store.list("raw")) == 1
    assert await states(node, attempt) == [SegmentState.UPLOADED]


async def test_a_sealed_segment_is_served_whole_to_a_worker_on_another_machine(node: Node) -> None:
    attempt, student = await node.open_attempt()
    await stream_frames(node, attempt, student, 2)
    records = await sealed_records(node, attempt)
    (segment,) = await node.segments.of_attempt(attempt)
    answer = await node.internal.get(f"/api/monitoring/internal/segments/{segment.segment_id}")

    assert pack.decode_header(answer.content).attempt_id == attempt
    assert pack.scan(answer.content).entries[-1].offset == records[-1].offset


async def sealed_records(node: Node, attempt: UUID) -> Sequence[Record]:
    """All records, once the closed stream's segment is sealed."""
    async with asyncio.timeout(10):
        while SegmentState.OPEN in await states(node, attempt):
            await asyncio.sleep(0.05)
    return await node.records(attempt)


async def fill_node(node: Node) -> tuple[RecordFeed, UUID, Sequence[Record]]:
    attempt, student = await node.open_attempt()
    await stream_frames(node, attempt, student, 6)
    await node.feeds.close(attempt)
    return node.feed, attempt, await node.until_final(attempt)


async def fill_memory(node: Node) -> tuple[RecordFeed, UUID, Sequence[Record]]:
    _, attempt, records = await fill_node(node)
    feed = MemoryRecordFeed()
    feed.add(attempt, *records)
    feed.end(attempt)
    return feed, attempt, records


@pytest.mark.parametrize("fill", [fill_node, fill_memory], ids=["node", "memory"])
async def test_both_feeds_keep_the_same_contract(node: Node, fill: object) -> None:
    feed, attempt, records = await fill(node)  # type: ignore[operator]
    first = await feed.read(attempt, -1, 4, 0)
    rest = await feed.read(attempt, first.records[-1].offset, 100, 0)
    while not rest.is_final:
        more = await feed.read(attempt, rest.records[-1].offset, 100, 0)
        rest = replace(more, records=rest.records + more.records)
    beyond = await feed.read(attempt, records[-1].offset, 10, 5)

    assert first.records == tuple(records[:4])
    assert not first.is_final
    assert first.records + rest.records == tuple(records)
    assert beyond.records == ()
    assert beyond.is_final


async def test_what_is_read_is_what_was_taken(node: Node) -> None:
    attempt, student = await node.open_attempt(timedelta(seconds=2))
    await stream_frames(node, attempt, student, 1)

    (frame,) = [record for record in await node.records(attempt) if record.kind is RecordKind.FRAME]

    assert frame.captured_at <= frame.received_at
    assert frame.captured_at.tzinfo is not None
