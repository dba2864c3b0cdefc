"""The unpublished events of one schema, as the relay asks for them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.outbox import CORRECTIONS, MONITORING, RESERVATIONS, OutboxTables
from schema.db.session import Database, Databases
from schema.events import Envelope, Source
from schema.settings import Settings


class Mark(StrEnum):
    """Whose taking is remembered. Each relay has its own, so that one whose sinks are away holds no other up."""

    PUBLISHED = "published_at"
    MIRRORED = "mirrored_at"
    STORED = "stored_at"


class SqlOutbox:
    """Implements Outbox for the relay that sets `mark`; an event is forgotten once it has all of `needed`."""

    def __init__(
        self,
        database: Database,
        tables: OutboxTables,
        mark: Mark = Mark.PUBLISHED,
        needed: frozenset[Mark] = frozenset(),
    ) -> None:
        self._database = database
        self._event = tables.event
        self._mark = getattr(tables.event, mark)
        self._mark_name = mark.value
        self._needed = [getattr(tables.event, name) for name in sorted({mark, *needed})]
        self.source: Source = tables.source

    async def unpublished(self, limit: int) -> Sequence[Envelope]:
        """The oldest unpublished events; those of one attempt by sequence.

        Asks for what is unpublished, never for what lies behind the last one seen: a transaction that began
        early may commit late.
        """
        event = self._event
        query = (
            select(event.envelope)
            .where(self._mark.is_(None))
            .order_by(event.created_at, event.attempt_id, event.sequence)
            .limit(limit)
        )
        async with self._database.read() as session:
            return [Envelope.model_validate_json(text) for text in await session.scalars(query)]

    async def backlog(self) -> tuple[int, datetime | None]:
        """How many events wait for this relay, and when the oldest of them was written."""
        event = self._event
        query = select(func.count(), func.min(event.created_at)).where(self._mark.is_(None))
        async with self._database.read() as session:
            waiting, oldest_at = (await session.execute(query)).one()
        return waiting, oldest_at

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        """They need not be relayed again; marking them again keeps the first time."""
        waiting = (self._event.event_id.in_(event_ids), self._mark.is_(None))

        async def work(session: AsyncSession) -> None:
            await session.execute(update(self._event).where(*waiting).values({self._mark_name: at}))

        await self._database.run(work)

    async def forget_published(self, before: datetime) -> int:
        """Drop events that were published before this instant, by everyone who needs them; returns how many.

        They also keep a repeated transaction from publishing twice, so this is for events older than any retry.
        """
        gone = [mark < before for mark in self._needed]

        async def work(session: AsyncSession) -> int:
            done = await session.execute(delete(self._event).where(*gone))
            return cast(CursorResult[Any], done).rowcount

        return await self._database.run(work)


def marks_of(settings: Settings) -> frozenset[Mark]:
    """The relays that run with these settings; an event is kept in its outbox until all of them took it."""
    marks = {Mark.PUBLISHED}
    if settings.kafka_bootstrap:
        marks.add(Mark.MIRRORED)
    if not (settings.use_local_storage or settings.enable_kafka_consumer):
        marks.add(Mark.STORED)
    return frozenset(marks)


def outboxes_of(
    databases: Databases, mark: Mark = Mark.PUBLISHED, needed: frozenset[Mark] = frozenset()
) -> tuple[SqlOutbox, SqlOutbox, SqlOutbox]:
    """The outboxes of all schemas that publish, as one relay sees them."""
    return (
        SqlOutbox(databases.reservations, RESERVATIONS, mark, needed),
        SqlOutbox(databases.monitoring, MONITORING, mark, needed),
        SqlOutbox(databases.corrections, CORRECTIONS, mark, needed),
    )
