"""Event counters that are behind: after a loss of power or a restore, no number may be given twice."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.insertion import insert_once
from schema.db.outbox import CORRECTIONS, MONITORING, RESERVATIONS, OutboxTables
from schema.db.session import Database, Databases
from schema.db.tables.analytics import TimelineEvent
from schema.events import Source

Numbers = Mapping[tuple[UUID, Source], int]


class SqlEventNumbers:
    """The counters of all schemas that publish, and the highest numbers that the timeline knows."""

    def __init__(self, databases: Databases) -> None:
        self._analytics = databases.analytics
        self._schemas: dict[Source, tuple[Database, OutboxTables]] = {
            Source.RESERVATIONS: (databases.reservations, RESERVATIONS),
            Source.MONITORING: (databases.monitoring, MONITORING),
            Source.CORRECTIONS: (databases.corrections, CORRECTIONS),
        }

    async def told(self) -> Numbers:
        """By attempt and source, from the projection of events."""
        row = TimelineEvent
        query = select(row.attempt_id, row.source, func.max(row.sequence)).group_by(
            row.attempt_id, row.source
        )
        async with self._analytics.read() as session:
            return {
                (attempt_id, Source(source)): last
                for attempt_id, source, last in await session.execute(query)
            }

    async def newest(self) -> datetime | None:
        """When the last event that the schemas know was written."""
        found = []
        for database, tables in self._schemas.values():
            async with database.read() as session:
                found.append(await session.scalar(select(func.max(tables.event.created_at))))
        return max((at for at in found if at is not None), default=None)

    async def raise_to(self, told: Numbers) -> int:
        """Let every counter stand at least there; how many attempts that concerned."""
        wanted: defaultdict[Source, dict[UUID, int]] = defaultdict(dict)
        for (attempt_id, source), last in told.items():
            wanted[source][attempt_id] = last
        raised: set[UUID] = set()
        for source, numbers in wanted.items():
            database, tables = self._schemas[source]
            raised |= await _raise(database, tables, numbers)
        return len(raised)

    async def skip(self, count: int) -> None:
        """Leave numbers out in every counter: where nobody knows how many were given after a copy was taken."""
        for database, tables in self._schemas.values():
            await _skip(database, tables, count)


async def _skip(database: Database, tables: OutboxTables, count: int) -> None:
    row = tables.sequence

    async def work(session: AsyncSession) -> None:
        await session.execute(update(row).values(last=row.last + count))

    await database.run(work)


async def _raise(database: Database, tables: OutboxTables, numbers: Mapping[UUID, int]) -> set[UUID]:
    row = tables.sequence
    async with database.read() as session:
        rows = (await session.execute(select(row.attempt_id, row.last))).all()
        known: dict[UUID, int] = {found.attempt_id: found.last for found in rows}
    behind = {attempt_id: last for attempt_id, last in numbers.items() if known.get(attempt_id, 0) < last}

    async def work(session: AsyncSession) -> None:
        for attempt_id, last in behind.items():
            higher = update(row).where(row.attempt_id == attempt_id, row.last < last).values(last=last)
            done = cast(CursorResult[Any], await session.execute(higher)).rowcount
            if not done and attempt_id not in known:
                await insert_once(session, row(attempt_id=attempt_id, last=last))

    if behind:
        await database.run(work)
    return set(behind)
