"""A node that is killed loses nothing it acknowledged, and says so in the stream when it is back."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from activities.adapters.sql.waiting import WaitingNote
from api.spool.running import RunningSpool
from schema.db.session import Databases
from schema.ids import new_id
from schema.record import EPOCH_SHIFT, ConnectionFactKind, RecordKind
from schema.segment import new_segment
from schema.settings import Settings
from schema.stream import Ack
from tests.stream.browser import Browser, jpeg
from tests.stream.node import WAIT, Node, serving
from tests.stream.test_ending import facts

BODY = jpeg(5)
TORN = b"\x12\x34half a record that was never acknowledged"


@asynccontextmanager
async def process(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """The node as a process of its own, which the test kills."""
    environment = {
        **os.environ,
        "VAR_DIR": str(settings.var_dir),
        "INTERNAL_API_URL": settings.internal_api_url,
        "PUBLIC_URL": settings.public_url,
    }
    command = (sys.executable, "-m", "api", "--part", "monitoring", "--port", str(settings.api_port))
    running = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        await _answering(settings)
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def _answering(settings: Settings) -> None:
    async with httpx.AsyncClient(base_url=settings.internal_api_url, trust_env=False) as client:
        async with asyncio.timeout(60):
            while True:
                try:
                    await client.get("/healthz")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    return


async def stream_until_killed(
    node: Node, victim: asyncio.subprocess.Process, attempt: UUID, student: UUID
) -> tuple[Browser, dict[int, Ack]]:
    """Send as fast as the window allows; kill the node while frames are on their way."""
    acked: dict[int, Ack] = {}
    async with node.browser(attempt, student) as browser:

        async def send() -> None:
            for seq in range(1, 600):
                await browser.send_frame(seq, BODY)
                await asyncio.sleep(0)

        sending = asyncio.create_task(send())
        try:
            while True:
                acked |= await browser.acks(1)
                if len(acked) > 100 and victim.returncode is None:
                    victim.send_signal(signal.SIGKILL)
        except ConnectionClosed:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    return browser, acked


async def test_no_acknowledged_frame_is_lost_by_sigkill(settings: Settings) -> None:
    databases = Databases.open(settings.database_url_of)
    outside = Node(settings, databases)
    attempt, student = await outside.open_attempt(timedelta(milliseconds=1))
    async with process(settings) as victim:
        browser, acked = await stream_until_killed(outside, victim, attempt, student)
    tear(settings.spool_dir / str(attempt))
    await outside.close()
    await databases.close()

    async with serving(settings) as (node, _):
        records = await node.records(attempt)
        async with node.browser(attempt, student) as again:
            await again.send_frame(7, BODY, stream_id=browser.stream_id)
            repeated = (await again.acks(1))[7]
        stored = {record.seq: record for record in records if record.kind is RecordKind.FRAME}

    assert len(acked) > 100
    assert {seq: ack.offset for seq, ack in acked.items()}.items() <= {
        seq: record.offset for seq, record in stored.items()
    }.items()
    assert all(record.body == BODY for record in stored.values())
    assert facts(list(records)) == [
        ConnectionFactKind.OPENED,
        ConnectionFactKind.SERVER_RESTARTED,
        ConnectionFactKind.CLOSED,
    ]
    assert repeated == acked[7]


async def test_an_attempt_that_closed_while_the_node_was_down_ends_when_it_is_back(
    settings: Settings,
) -> None:
    databases = Databases.open(settings.database_url_of)
    outside = Node(settings, databases)
    attempt, student = await outside.open_attempt(timedelta(milliseconds=1))
    async with process(settings) as victim:
        await stream_until_killed(outside, victim, attempt, student)
    await outside.feeds.close(attempt)
    await outside.close()
    await databases.close()

    async with serving(settings) as (node, _):
        records = await node.until_final(attempt)

    assert facts(list(records)) == [
        ConnectionFactKind.OPENED,
        ConnectionFactKind.SERVER_RESTARTED,
        ConnectionFactKind.CLOSED,
        ConnectionFactKind.ENDED,
    ]


async def test_a_segment_whose_file_is_gone_does_not_hold_up_the_feed(settings: Settings) -> None:
    databases = Databases.open(settings.database_url_of)
    outside = Node(settings, databases)
    attempt, student = await outside.open_attempt(timedelta(milliseconds=1))
    async with process(settings) as victim:
        await stream_until_killed(outside, victim, attempt, student)
    for path in (settings.spool_dir / str(attempt)).glob("*.pack"):
        path.unlink()
    await outside.feeds.close(attempt)
    await outside.close()
    await databases.close()

    # What was accepted may not be noted so soon: a segment that is full by its age was written to.
    full_at_once = settings.model_copy(update={"spool_segment_seconds": 0})
    async with serving(full_at_once) as (node, _):
        async with asyncio.timeout(WAIT):
            records = await node.until_final(attempt)

    assert facts(list(records)) == [
        ConnectionFactKind.RECORDS_LOST,
        ConnectionFactKind.SERVER_RESTARTED,
        ConnectionFactKind.CLOSED,
        ConnectionFactKind.ENDED,
    ]


def tear(folder: Path) -> None:
    """What a power cut leaves behind the last synced record."""
    (path,) = folder.glob("*.pack")
    with path.open("ab") as file:
        file.write(TORN)


@pytest.mark.parametrize("was_accepted", [False, True])
async def test_a_segment_that_got_no_file_before_the_crash_has_lost_nothing(
    node: Node, spool: RunningSpool, was_accepted: bool
) -> None:
    attempt, _ = await node.open_attempt()
    policy, first = spool.spool.policy, (1 << EPOCH_SHIFT) + 1
    row = new_segment(new_id(), attempt, policy.node_id, first, spool.spool.now())
    await spool.spool.segments.add(row)
    if was_accepted:
        await spool.spool.waiting.note([WaitingNote(attempt, first, None, None, 0)])

    await spool.keeper.keep(is_slow_round=True)
    said = facts(list(await node.records(attempt)))

    lost = [ConnectionFactKind.RECORDS_LOST] if was_accepted else []
    assert said == [*lost, ConnectionFactKind.SERVER_RESTARTED, ConnectionFactKind.CLOSED]
