"""Rates: what was asked for always passes, at once after a gap too; what is faster is slowed, then refused in words."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.spool.clock.bucket import BURST, OVERDRAWN, FrameBucket
from schema.failures import Failure, FailureType
from schema.record import RecordKind
from schema.stream import TICKET_LIFE, Refused
from tests.stream.node import Node

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OWED = int(TICKET_LIFE / SECOND) + BURST  # frames of before the first connection


def bucket() -> FrameBucket:
    made = FrameBucket(900)
    made.connected(START, START, SECOND)
    return made


@given(st.lists(st.integers(0, 400), max_size=60))
def test_frames_that_were_due_always_pass_however_late(gaps: list[int]) -> None:
    filled, now, waiting = bucket(), START, 0
    for gap in gaps:
        now += gap * SECOND
        waiting = min(900, waiting + gap)
        for _ in range(waiting):
            assert filled.take(now, SECOND) == timedelta()
        waiting = 0


def test_what_is_faster_is_slowed_and_then_refused_with_the_interval() -> None:
    filled = bucket()
    slowed = [filled.take(START, SECOND) for _ in range(OWED + OVERDRAWN)]

    with pytest.raises(Failure) as refused:
        filled.take(START, SECOND)

    assert [bool(one) for one in slowed] == [False] * OWED + [True] * OVERDRAWN
    assert (refused.value.type, refused.value.extra["limit"]) == (FailureType.TOO_MANY, 1000)
    assert filled.take(START + 4 * SECOND, SECOND) == timedelta()


async def test_a_stream_that_is_faster_than_its_interval_is_told_so_and_may_send_again(node: Node) -> None:
    attempt, student = await node.open_attempt(timedelta(milliseconds=500))
    count = 2 * OWED + 20
    async with node.browser(attempt, student) as browser:
        for seq in range(1, count + 1):
            await browser.send_frame(seq)
        refused = await browser.hear(Refused)
        await asyncio.sleep(2)
        await browser.send_frame(refused.seq or 0)
        while (refused.seq or 0) not in await browser.acks(1):
            pass

    assert refused.reason is FailureType.TOO_MANY
    assert "every 0.5 s" in refused.message
    frames = [record for record in await node.records(attempt) if record.kind is RecordKind.FRAME]
    assert len(frames) < count
