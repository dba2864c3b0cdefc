"""Silence: a camera that stopped is told from a network that stopped, and from a node that stood still itself."""

import asyncio
import time
from contextlib import suppress
from uuid import UUID

from websockets.exceptions import ConnectionClosed

from api.spool.attempt import LOST_PINGS, SILENCE_FLOOR
from schema.record import BrowserEventKind, ConnectionFactKind
from schema.stream import CloseCode, Ping, Presence
from tests.stream.node import WAIT, Node
from tests.stream.test_ending import facts, until

FLOOR = SILENCE_FLOOR.total_seconds()
OPENED, QUIET, CLOSED = ConnectionFactKind.OPENED, ConnectionFactKind.QUIET, ConnectionFactKind.CLOSED


async def facts_of(node: Node, attempt: UUID) -> list[ConnectionFactKind]:
    return facts(list(await node.records(attempt)))


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
