"""A process that dies between two steps that belong together: the next one does what is owed, and nothing twice."""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from api.demo.camera import Camera
from api.demo.cast import Cast
from api.demo.film import open_film
from api.demo.story import command, until
from schema.db.tables.monitoring import IncidentRow, IncidentSignalRow
from schema.db.tables.notifications import MailRow
from schema.db.tables.reservations import ReservationsOutbox
from schema.ids import monitoring_workflow_id
from schema.incident import IncidentKind
from schema.task import MonitoringResult
from tests.product.arrange import AUTOMATIC, begun, held
from tests.product.house import House, Say
from tests.product.product import IO, ML
from tests.product.trace import TECHNICAL, events_of

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(240), pytest.mark.slow]

TWO_PERSONS = 1  # scene of the film
FRAMES, EVERY = 4, timedelta(seconds=0.5)
DIED = 137


async def test_an_incident_between_commit_and_signal_is_signalled_and_counted_once(
    house: House, say: Say
) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast)
    await house.product.down(ML)
    await _stream(house, cast, attempt_id)
    await _dies(house, ML, "commit")
    assert await _found(house, attempt_id) == [IncidentKind.MULTIPLE_FACES]
    assert "incident_opened" in await _owed(house, attempt_id)
    assert await _signals(house, attempt_id) == {}

    await _dies(house, ML, "delivered")
    assert "incident_opened" in await _owed(house, attempt_id)
    assert await _signals(house, attempt_id) == {"incident_opened": 1}

    house.product.start(ML)
    await command(cast.student, attempt_id, "submit")
    client = await house.product.client()
    watching = client.get_workflow_handle(
        monitoring_workflow_id(UUID(attempt_id)), result_type=MonitoringResult
    )
    result = await watching.result()
    scored = [incident.kind for incident in result.incidents if incident.severity != TECHNICAL]
    assert scored == [IncidentKind.MULTIPLE_FACES]
    assert result.frames == FRAMES
    assert await _owed(house, attempt_id) == []
    signals = await _signals(house, attempt_id)
    assert signals["incident_opened"] == len(result.incidents) + 1, "one of them came twice"
    alerts = [event for event in await events_of(house, attempt_id) if event.type == "high_risk_alert"]
    assert len(alerts) == 1
    say(
        f"crash: {signals['incident_opened']} signals of {len(result.incidents)} incidents, {len(alerts)} alert"
    )


async def test_events_and_mails_between_doing_and_marking_are_done_once(house: House, say: Say) -> None:
    cast = await house.cast()
    await house.product.down(IO)
    exam_id = await house.exam(AUTOMATIC)
    attempt_id = await held(cast, exam_id, await house.slot(exam_id))
    await command(cast.student, attempt_id, "confirm")
    email = f"{uuid4().hex}@product.example"
    newcomer = {"email": email, "password": uuid4().hex, "display_name": "Newcomer"}
    await cast.student.post("/api/users/registrations", newcomer)

    await _dies(house, IO, "relay")
    assert await _unpublished(house, attempt_id) > 0
    await _dies(house, IO, "mail")
    (letter,) = await house.mailbox.letters(email)
    assert not await _is_sent(house, letter.message_id)

    house.product.start(IO)
    events = await events_of(house, attempt_id)
    assert len(events) > 0
    await until(lambda: _is_sent(house, letter.message_id), "the mail to be sent again", within=90)
    letters = await house.mailbox.letters(email)
    assert Counter(one.message_id for one in letters) == {letter.message_id: 2}
    say(f"crash: {len(events)} events published again stand once; a mail came twice under one Message-ID")


async def _dies(house: House, name: str, place: str) -> None:
    """Let a part be the worker that dies at this place; returns once it has."""
    house.product.start_as(name, sys.executable, "-m", "tests.product.crashing_worker", place)

    async def is_dead() -> bool:
        return house.product.restarts(name) > 0

    await until(is_dead, f"{name} to die at {place}", within=90)
    await house.product.down(name)
    assert any(f"{name} ended with code {DIED}" in line for line in house.product.said)


async def _stream(house: House, cast: Cast, attempt_id: str) -> None:
    """A few pictures with a second person in them."""
    scene = open_film(house.product.settings.sample_media_dir).scenes[TWO_PERSONS]
    camera = Camera(cast.student, attempt_id)
    camera.open()
    try:
        began_at = datetime.now(UTC)
        for number, jpeg in enumerate(list(scene.frames())[:FRAMES]):
            await asyncio.sleep(EVERY.total_seconds())
            await camera.frame(jpeg, began_at + number * EVERY)
        await camera.drained()
    finally:
        await camera.close()


async def _found(house: House, attempt_id: str) -> list[str]:
    query = select(IncidentRow.kind).where(
        IncidentRow.attempt_id == UUID(attempt_id), IncidentRow.severity != TECHNICAL
    )
    async with house.databases.monitoring.read() as session:
        return list(await session.scalars(query))


async def _owed(house: House, attempt_id: str) -> list[str]:
    """What is owed to the workflow, oldest first."""
    query = select(IncidentSignalRow).where(IncidentSignalRow.attempt_id == UUID(attempt_id))
    async with house.databases.monitoring.read() as session:
        return [row.change for row in await session.scalars(query.order_by(IncidentSignalRow.number))]


async def _signals(house: House, attempt_id: str) -> Counter[str]:
    """The signals about incidents in the history of monitoring."""
    client = await house.product.client()
    history = await client.get_workflow_handle(monitoring_workflow_id(UUID(attempt_id))).fetch_history()
    names = [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in history.events
        if event.HasField("workflow_execution_signaled_event_attributes")
    ]
    return Counter(name for name in names if name.startswith("incident_"))


async def _unpublished(house: House, attempt_id: str) -> int:
    query = (
        select(func.count())
        .select_from(ReservationsOutbox)
        .where(ReservationsOutbox.attempt_id == UUID(attempt_id), ReservationsOutbox.published_at.is_(None))
    )
    async with house.databases.reservations.read() as session:
        return await session.scalar(query) or 0


async def _is_sent(house: House, message_id: str) -> bool:
    query = select(MailRow).where(MailRow.message_id == message_id)
    async with house.databases.notifications.read() as session:
        return (await session.scalars(query)).one().sent_at is not None
