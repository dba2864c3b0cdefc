"""What an attempt left behind: its events in three places, its mails, its incidents, its frames."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from api.demo.camera import Camera
from api.demo.person import Person
from api.demo.story import until
from api.demo.summary import pages
from schema.db.outbox import CORRECTIONS, MONITORING, RESERVATIONS, OutboxTables
from schema.db.session import Database
from schema.db.tables.analytics import TimelineEvent
from schema.db.tables.notifications import MailRow
from schema.events import Envelope
from tests.product.house import House

TECHNICAL = "technical"
BROWSER_EVENTS = 2  # of a sitting
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident with its times counted from the film's beginning."""

    kind: str
    severity: str
    start: timedelta
    end: timedelta

    def is_like(self, other: "Seen") -> bool:
        """The same, with both ends within a second."""
        is_same = (self.kind, self.severity) == (other.kind, other.severity)
        return is_same and abs(self.start - other.start) <= SECOND and abs(self.end - other.end) <= SECOND


async def incidents_of(reviewer: Person, attempt_id: str, film_began_at: datetime) -> list[Seen]:
    """All incidents by their start; each must have ended."""
    found = await pages(reviewer, f"/api/monitoring/attempts/{attempt_id}/incidents")
    seen = [
        Seen(
            one["kind"],
            one["severity"],
            datetime.fromisoformat(one["started_at"]) - film_began_at,
            datetime.fromisoformat(one["ended_at"]) - film_began_at,
        )
        for one in found
    ]
    return sorted(seen, key=lambda one: one.start)


async def events_of(house: House, attempt_id: str) -> list[Envelope]:
    """The events by source and sequence. In outboxes, lake and timeline the same stand, once each and without gaps."""
    born = await _relayed(house, UUID(attempt_id))
    lake = [Envelope.model_validate_json(line) for line in _lake_lines(house, attempt_id)]
    assert sorted(lake, key=_place) == born
    async with house.databases.analytics.read() as session:
        rows = await session.scalars(
            select(TimelineEvent).where(TimelineEvent.attempt_id == UUID(attempt_id))
        )
        timeline = sorted((row.source, row.sequence, row.event_id, row.topic, row.data) for row in rows)
    assert timeline == [(e.source, e.sequence, e.event_id, e.type, e.data) for e in born]
    for source, group in groupby(born, key=lambda event: event.source):
        numbers = [event.sequence for event in group]
        assert numbers == list(range(1, len(numbers) + 1)), source
    return born


async def mails_of(house: House, attempt_id: str) -> list[MailRow]:
    """All mails about the attempt, once each is sent."""
    found: list[MailRow] = []

    async def are_sent() -> bool:
        async with house.databases.notifications.read() as session:
            rows = await session.scalars(select(MailRow))
            found[:] = [row for row in rows if row.data.get("attempt_id") == attempt_id]
        return all(row.sent_at is not None for row in found)

    await until(are_sent, "all mails to be sent", within=120)
    return found


async def letters_of(house: House, mails: Sequence[MailRow], people: Sequence[Person]) -> Counter[str]:
    """How often each of these mails arrived, by Message-ID; every one at least once, and no other about it."""
    ids = {mail.message_id for mail in mails}
    arrived = [letter for person in people for letter in await house.mailbox.letters(person.email)]
    counted = Counter(letter.message_id for letter in arrived if letter.message_id in ids)
    assert set(counted) == ids
    return counted


async def frames_of(proctor: Person, attempt_id: str, camera: Camera) -> Counter[str]:
    """How often each picture is stored, by hash; all can be read, and what was acknowledged is there.

    A server that dies between storing and answering, and is back when the exam is over, leaves the last one unanswered.
    """
    path = f"/api/monitoring/attempts/{attempt_id}/frames"
    stops = (await proctor.get(path, limit=2000))["items"]
    offsets = {int(stop["offset"]) for stop in stops}
    assert len(offsets) == len(stops)
    acknowledged = set(camera.acknowledged.values())
    assert len(acknowledged - offsets) == BROWSER_EVENTS
    assert len(offsets - acknowledged) <= camera.unanswered
    pictures = await asyncio.gather(*(proctor.get(f"{path}/{offset}") for offset in offsets))
    return hashes_of(pictures)


def hashes_of(pictures: Sequence[bytes]) -> Counter[str]:
    """How often each picture is there."""
    return Counter(hashlib.sha256(picture).hexdigest() for picture in pictures)


async def _relayed(house: House, attempt_id: UUID) -> list[Envelope]:
    outboxes = (
        (house.databases.reservations, RESERVATIONS),
        (house.databases.monitoring, MONITORING),
        (house.databases.corrections, CORRECTIONS),
    )
    found: list[Envelope] = []

    async def are_relayed() -> bool:
        found.clear()
        return all([await _is_relayed(database, tables, attempt_id, found) for database, tables in outboxes])

    await until(are_relayed, "all events to be relayed")
    return sorted(found, key=_place)


async def _is_relayed(
    database: Database, tables: OutboxTables, attempt_id: UUID, found: list[Envelope]
) -> bool:
    event = tables.event
    query = select(event.envelope, event.published_at).where(event.attempt_id == attempt_id)
    async with database.read() as session:
        rows = (await session.execute(query)).all()
    found += [Envelope.model_validate_json(envelope) for envelope, _ in rows]
    return all(published_at is not None for _, published_at in rows)


def _lake_lines(house: House, attempt_id: str) -> Iterator[str]:
    for file in sorted((house.product.settings.lake_dir / "raw" / "events").rglob("*.jsonl")):
        yield from (line for line in file.read_text().splitlines() if attempt_id in line)


def _place(event: Envelope) -> tuple[str, int]:
    return event.source, event.sequence
