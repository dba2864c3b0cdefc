"""What the sweep found, over `_reservations`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.orphan.port import Orphan
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.reservations import OrphanRow
from schema.ids import NAMESPACE
from schema.orphan import Trouble
from schema.queue import WorkflowType

HEALED = "agrees again by itself"
UNSEEN_FOR = timedelta(seconds=45)  # two sweeps on two machines need not see the same at the same moment


class SqlOrphanBook:
    """Implements OrphanBook."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations

    async def report(self, found: Sequence[Orphan], at: datetime) -> Sequence[Orphan]:
        """Open what is new, close what nobody has found for a while; all that are open."""

        async def work(session: AsyncSession) -> None:
            open_ = {(row.workflow_id, row.trouble): row for row in await session.scalars(_opened())}
            for orphan in found:
                row = open_.pop((orphan.workflow_id, orphan.trouble.value), None)
                if row is None:
                    await insert_once(session, _new(orphan))
                else:
                    row.seen_at = at
            for row in open_.values():
                if at - row.seen_at >= UNSEEN_FOR:
                    row.closed_at, row.outcome = at, HEALED

        await self._reservations.run(work)
        named = {(orphan.workflow_id, orphan.trouble) for orphan in found}
        return [orphan for orphan in await self.opened() if (orphan.workflow_id, orphan.trouble) in named]

    async def close(self, orphan: Orphan, outcome: str, at: datetime) -> None:
        """It is repaired, or cannot be."""
        row = OrphanRow
        is_it = (row.workflow_id == orphan.workflow_id, row.closed_at.is_(None))

        async def work(session: AsyncSession) -> None:
            await session.execute(update(row).where(*is_it).values(closed_at=at, outcome=outcome))

        await self._reservations.run(work)

    async def opened(self) -> Sequence[Orphan]:
        """All that are open, the oldest first."""
        async with self._reservations.read() as session:
            return [_orphan(row) for row in await session.scalars(_opened())]


def orphan_id_for(workflow_id: str, trouble: str, found_at: datetime) -> UUID:
    """One row per workflow, trouble and minute, whoever of several sweeps finds it first."""
    return uuid5(NAMESPACE, f"orphan/{workflow_id}/{trouble}/{found_at:%Y-%m-%dT%H:%M}")


def _opened() -> Select[OrphanRow]:
    return select(OrphanRow).where(OrphanRow.closed_at.is_(None)).order_by(OrphanRow.found_at)


def _new(orphan: Orphan) -> OrphanRow:
    return OrphanRow(
        orphan_id=orphan_id_for(orphan.workflow_id, orphan.trouble, orphan.found_at),
        workflow_id=orphan.workflow_id,
        kind=orphan.kind.value,
        trouble=orphan.trouble.value,
        attempt_id=orphan.attempt_id,
        found_at=orphan.found_at,
        seen_at=orphan.found_at,
    )


def _orphan(row: OrphanRow) -> Orphan:
    return Orphan(
        workflow_id=row.workflow_id,
        kind=WorkflowType(row.kind),
        trouble=Trouble(row.trouble),
        attempt_id=row.attempt_id,
        found_at=row.found_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )
