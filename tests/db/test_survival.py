"""What was acknowledged or written survives SIGKILL."""

import asyncio
import json
import random
from collections import Counter
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.adapters.sql.outbox import outboxes_of
from activities.adapters.sql.window_book import SqlWindowBook
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.ids import new_id
from schema.incident import IncidentKind, IncidentSignal, Severity
from schema.task import RaiseAlert
from tests.contracts.builder import NOON, a_monitoring, a_window
from tests.db.process import start

EVENTS = 240
KILLS = 4
STEPS = 14  # at most, until a kill: all four together leave something to do


async def test_every_acknowledged_answer_is_there_after_a_kill(databases: Databases, pattern: str) -> None:
    attempt_id = new_id()
    await SqlWindowBook(databases.corrections).project(a_window(attempt_id))
    process = await start("tests.db.acknowledging", pattern, attempt_id)
    assert process.stdout is not None

    acknowledged = [await process.stdout.readline() for _ in range(60)]
    process.kill()
    acknowledged += [line async for line in process.stdout]
    await process.wait()

    said = {UUID(line.decode().strip()) for line in acknowledged if line.endswith(b"\n")}
    kept = {answer.question_id for answer in await SqlAnswerBook(databases.corrections).snapshot(attempt_id)}
    assert len(said) >= 60
    assert said <= kept
    assert len(kept) <= len(said) + 1  # the one whose acknowledgement was under way


async def tell(databases: Databases) -> Counter[UUID]:
    """Many events of a few attempts; returns how many each attempt has."""
    book = SqlIncidentBook(databases.monitoring)
    attempts = [a_monitoring(new_id()) for _ in range(5)]
    for number in range(EVENTS):
        incident = IncidentSignal(
            incident_id=new_id(),
            kind=IncidentKind.FACE_ABSENT,
            severity=Severity.HIGH,
            confidence=1,
            started_at=NOON,
        )
        alert = RaiseAlert(monitoring=attempts[number % 5], incident=incident, risk=number, raised_at=NOON)
        await book.publish_alert(alert)
    return Counter(attempts[number % 5].attempt_id for number in range(EVENTS))


async def relay_and_kill(pattern: str, lake: Path, after: int, later: float) -> int:
    """Kill it so many seconds after so many steps; it waits for that when it has done all its STEPS."""
    process = await start("tests.db.relaying", pattern, lake, STEPS)
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(1 + after)]
    assert said == [b"ready\n"] + [b"stepped\n"] * after
    await asyncio.sleep(later)
    process.kill()
    await process.stdout.read()
    return await process.wait()


async def relay_to_the_end(pattern: str, lake: Path) -> int:
    process = await start("tests.db.relaying", pattern, lake, EVENTS)
    assert process.stdout is not None
    await process.stdout.read()
    return await process.wait()


def lake_events(lake: Path) -> list[dict[str, object]]:
    files = list((lake / "raw" / "events").rglob("*"))
    assert [path.name for path in files if path.is_file()] == ["events.jsonl"]
    return [json.loads(line) for path in files if path.is_file() for line in path.read_text().splitlines()]


async def test_a_relay_that_is_killed_again_and_again_neither_loses_nor_doubles(
    databases: Databases, pattern: str, tmp_path: Path
) -> None:
    told, lake, dice = await tell(databases), tmp_path / "lake", random.Random(7)

    killed = [
        await relay_and_kill(pattern, lake, dice.randrange(STEPS), dice.uniform(0, 0.02))
        for _ in range(KILLS)
    ]
    finished = await relay_to_the_end(pattern, lake)

    assert killed == [-9] * KILLS
    assert finished == 0
    events = lake_events(lake)
    sequences = {str(attempt_id): list(range(1, count + 1)) for attempt_id, count in told.items()}
    seen: dict[str, list[object]] = {attempt_id: [] for attempt_id in sequences}
    for event in events:
        seen[str(event["attempt_id"])].append(event["sequence"])
    assert seen == sequences
    async with databases.analytics.read() as session:
        projected = (await session.scalars(select(TimelineEvent.event_id))).all()
    assert len(projected) == EVENTS
    assert {str(event_id) for event_id in projected} == {event["event_id"] for event in events}
    assert [await outbox.unpublished(1) for outbox in outboxes_of(databases)] == [[], [], []]
