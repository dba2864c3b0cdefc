"""Further sittings over `_reservations`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.sitting.port import GivenSittingNotice
from schema.db.session import Database
from schema.db.tables.reservations import FurtherSitting


class SqlFurtherSittingBook:
    """Implements FurtherSittingBook."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations

    async def untold(self, since: datetime) -> Sequence[GivenSittingNotice]:
        """Those that nobody was told of."""
        row = FurtherSitting
        query = select(row).where(row.given_at >= since, row.told_at.is_(None)).order_by(row.given_at)
        async with self._reservations.read() as session:
            return [
                GivenSittingNotice(one.sitting_id, one.attempt_id, one.exam_id, one.student_id, one.given_at)
                for one in await session.scalars(query)
            ]

    async def told(self, sitting_id: UUID, at: datetime) -> None:
        """Write when."""
        mine = update(FurtherSitting).where(FurtherSitting.sitting_id == sitting_id)

        async def work(session: AsyncSession) -> None:
            await session.execute(mine.values(told_at=at))

        await self._reservations.run(work)
