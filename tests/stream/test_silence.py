"""Silence: a camera that stopped is told from a network that stopped, and from a node that stood still itself."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed

from api.spool.attempt import LOST_PINGS, SILENCE_FLOOR, SpooledAttempt
from api.spool.ledger import Ledger
from api.spool.open_segment import OpenSegment
from api.spool.pack_file import PackFile
from schema.pack import PackHeader
from schema.record import BrowserEventKind, ConnectionFactKind, RecordKind
from schema.segment import new_segment
from schema.stream import Ack, CloseCode, Ping, Presence
from tests.stream.node import WAIT, Node
from tests.stream.test_ending import facts, until
from tests.stream.watching import START, STREAM

FLOOR = SILENCE_FLOOR.total_seconds()
OPENED, QUIET, CLOSED = ConnectionFactKind.OPENED, ConnectionFactKind.QUIET, ConnectionFactKind.CLOSED
SLOW, BRISK = 8000, 2000


async def facts_of(node: Node, attempt: UUID) -> list[ConnectionFactKind]:
    """Without those of the machine's load, which is not this test's."""
    found = facts(list(await node.records(attempt)))
    return [fact for fact in found if fact is not ConnectionFactKind.PACED]


class Deaf:
    """A socket that nothing needs to be sent to."""

    session_id = UUID(int=1)

    def acknowledge(self, acks: Sequence[Ack], interval_ms: int) -> None: ...
    def ping(self) -> None: ...
    def announce(self, code: CloseCode, message: str, *, may_reconnect: bool) -> None: ...
    def close(self, code: CloseCode, message: str, *, may_reconnect: bool) -> None: ...


@pytest.fixture
def spooled(tmp_path: Path) -> SpooledAttempt:
    attempt = SpooledAttempt(UUID(int=9), Ledger(900))
    attempt.ledger.add_stream(STREAM)
    row = new_segment(UUID(int=3), attempt.attempt_id, "node", 1, START)
    file = PackFile.create(tmp_path / "a" / "b.pack", PackHeader(attempt.attempt_id, START))
    attempt.add_segment(OpenSegment(row, file, lambda _: None, lambda _: None))
    attempt.start(1, STREAM, Deaf())
    attempt.base_interval_ms = attempt.interval_ms = SLOW
    return attempt


def test_a_browser_that_does_not_know_yet_that_more_is_wanted_is_not_quiet(spooled: SpooledAttempt) -> None:
    found = []
    for seq, at in enumerate((0, 8, 16), start=1):
        now = START + timedelta(seconds=at)
        spooled.take(RecordKind.FRAME, (STREAM, seq), now, b"frame", now)
        late = now + timedelta(seconds=7.5)
        if at == 8:
            spooled.pace(BRISK, late)  # the acknowledgement of the frame at 16 tells of it
        spooled.hear(late)
        found.append(spooled.is_quiet(late))

    assert found == [False, False, False]


def test_a_browser_that_knows_that_more_is_wanted_is_quiet_by_that(spooled: SpooledAttempt) -> None:
    for seq, at in enumerate((0, 8, 10), start=1):
        now = START + timedelta(seconds=at)
        spooled.take(RecordKind.FRAME, (STREAM, seq), now, b"frame", now)
        spooled.pace(BRISK, now)
    now = START + timedelta(seconds=16.5)
    spooled.hear(now)

    assert spooled.is_quiet(now)


async def test_a_browser_that_answers_and_sends_no_frames_is_quiet_each_second(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        pings = 0
        async with asyncio.timeout(WAIT):
            while pings < 2 or (await facts_of(node, attempt)).count(QUIET) < 2:
                pings += await browser.idle(1.5)
        await until(node, attempt, Presence.DEGRADED)


async def test_a_network_in_which_everything_stops_is_a_lost_connection_and_nothing_else(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.send_event(2, BrowserEventKind.TAB_VISIBLE)
        await browser.acks(2)
        await asyncio.sleep(FLOOR / 2 + LOST_PINGS)
        said, code = await browser.farewell()
        await until(node, attempt, Presence.MISSING)
        found = await facts_of(node, attempt)

    assert (said.may_reconnect, code) == (True, CloseCode.UNREACHABLE)
    assert found == [OPENED, CLOSED]


async def test_a_node_that_stood_still_blames_nobody(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        time.sleep(FLOOR + 1)  # noqa: ASYNC251  the node runs in this very loop, and is to stand still
        await browser.hear(Ping)
        await browser.send_frame(2)
        await browser.acks(1)
        found = await facts_of(node, attempt)

    assert found == [OPENED]


async def test_an_exam_that_is_over_waits_for_no_frame(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        await browser.idle(FLOOR - 1)
        await node.feeds.close(attempt)
        await node.internal.post(f"/api/monitoring/internal/attempts/{attempt}/closed")
        before = await facts_of(node, attempt)
        with suppress(ConnectionClosed):  # a machine that stands still draws the events too far apart
            for seq in (2, 3, 4, 5):  # its events go on for a while, so that draining does
                await browser.send_event(seq, BrowserEventKind.FOCUS_LOST)
                await asyncio.sleep(0.6)
        await browser.farewell()

    found = facts(list(await node.until_final(attempt)))
    assert found == [*before, ConnectionFactKind.ENDED]
