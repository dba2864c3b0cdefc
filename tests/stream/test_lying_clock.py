"""A client that lies about its time against a real node, to the incident; one whose clock is set once beside it."""

import asyncio
from datetime import UTC, datetime, timedelta

from ml.analyst import FrameAnalyst
from ml.detector import Detectors
from schema.incident import DetectionPolicy, IncidentKind
from schema.record import RecordKind
from tests.ml.painted import PaintedFaces
from tests.stream.browser import jpeg
from tests.stream.node import Node

SECONDS = 9
BODY = jpeg(3)


async def kinds_of(node: Node, ahead: dict[int, timedelta]) -> tuple[set[IncidentKind], int]:
    """What incidents there are of a stream whose clock is ahead by so much in these seconds; and how many frames."""
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        for seq in range(1, SECONDS + 1):
            captured_at = datetime.now(UTC) + ahead.get(seq, timedelta())
            await browser.send_frame(seq, BODY, captured_at=captured_at)
            await browser.acks(1)
            await asyncio.sleep(1)
    records = await node.records(attempt)
    analyst = FrameAnalyst(attempt, DetectionPolicy(), Detectors(PaintedFaces(), None))
    changes = analyst.analyse(None, records).changes
    frames = sum(record.kind is RecordKind.FRAME for record in records)
    return {change.incident.kind for change in changes}, frames


async def test_a_client_that_keeps_lying_is_found_and_one_step_of_a_clock_is_not(node: Node) -> None:
    minute = timedelta(minutes=1)
    lying = dict.fromkeys(range(1, SECONDS + 1), minute)
    forward_and_back = {4: timedelta(seconds=5), 5: -minute}

    liar, honest = await asyncio.gather(kinds_of(node, lying), kinds_of(node, forward_and_back))

    assert IncidentKind.CLOCK_MANIPULATED in liar[0]
    assert honest[0] - liar[0] == set()
    assert IncidentKind.CLOCK_MANIPULATED not in honest[0]
    assert IncidentKind.WEBCAM_DISABLED not in honest[0] | liar[0]
    assert liar[1] == honest[1] == SECONDS
