"""Marks of service over `_reservations`: each is one transaction, which finds the gap since the mark before it."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from schema.db.session import Database
from schema.db.tables.outage import NodeStay, OutageRow, ServiceMarkRow
from schema.ids import new_id
from schema.outage.interval import Interval
from schema.outage.mark import ServiceMark, silence_since


def boot_seconds() -> float:
    """Seconds since the machine booted, those included in which it slept; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SqlServiceBook:
    """Implements ServiceBook."""

    def __init__(
        self,
        reservations: Database,
        tolerance: timedelta,
        now: Now = utc_now,
        boot: Callable[[], float] = boot_seconds,
    ) -> None:
        self._reservations = reservations
        self._tolerance = tolerance
        self._now = now
        self._boot = boot

    async def mark(self, marks: Collection[ServiceMark]) -> float:
        """Write them; time is read once the transaction may write, for it may have had to wait for that."""

        async def work(session: AsyncSession) -> float:
            rows = {mark.component: await _row(session, mark) for mark in marks}
            now, boot = self._now(), self._boot()
            for mark in marks:
                self._write(session, rows[mark.component], mark, now, boot)
            return boot

        return await self._reservations.run(work)

    async def stay(self, node_id: str, seen: Mapping[UUID, Interval]) -> None:
        """Write them; the same stay again grows."""

        async def work(session: AsyncSession) -> None:
            for attempt_id, stay in seen.items():
                row = NodeStay(attempt_id=attempt_id, node_id=node_id, since=stay.start, until=stay.end)
                await session.merge(row)

        await self._reservations.run(work)

    def _write(
        self, session: AsyncSession, row: ServiceMarkRow | None, mark: ServiceMark, now: datetime, boot: float
    ) -> None:
        if row is None:
            first = ServiceMarkRow(component=mark.component.value, node_id=mark.node_id)
            first.first_at = first.last_at = now
            session.add(first)
            return
        silence = silence_since(row.last_at, mark, now, boot)
        if silence > self._tolerance:
            session.add(_outage(mark, now - silence, now))
        row.last_at = now


async def _row(session: AsyncSession, mark: ServiceMark) -> ServiceMarkRow | None:
    return await session.get(ServiceMarkRow, (mark.component.value, mark.node_id), with_for_update=True)


def _outage(mark: ServiceMark, began_at: datetime, ended_at: datetime) -> OutageRow:
    return OutageRow(
        outage_id=new_id(),
        component=mark.component.value,
        node_id=mark.node_id,
        cause=mark.cause.value,
        began_at=began_at,
        ended_at=ended_at,
    )
