"""Acts that were begun, over `_users`; whether they were done is written in `_reservations`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.insertion import insert_once
from schema.db.journal import record
from schema.db.session import Database
from schema.db.tables.reservations import AttemptMove, AttemptSnapshot
from schema.db.tables.users import ActIntent
from schema.journal import Act

AT_ONCE = 100


class SqlIntentBook:
    """Implements IntentBook."""

    def __init__(self, users: Database, reservations: Database) -> None:
        self._users = users
        self._reservations = reservations

    async def begin(self, act: Act) -> None:
        """Before it is done; begun again it is the same."""
        row = ActIntent(act_id=act.act_id, content=act.model_dump(mode="json"), began_at=act.at)

        async def work(session: AsyncSession) -> None:
            await insert_once(session, row)

        await self._users.run(work)

    async def begun_before(self, moment: datetime) -> Sequence[Act]:
        """The oldest first."""
        query = select(ActIntent).where(ActIntent.began_at < moment).order_by(ActIntent.began_at)
        async with self._users.read() as session:
            return [Act.model_validate(row.content) for row in await session.scalars(query.limit(AT_ONCE))]

    async def what_came_of(self, act: Act) -> Act | None:
        """By the operations that the attempt's workflow has applied: each is named like the act."""
        async with self._reservations.read() as session:
            known = await session.get(AttemptSnapshot, act.subject_id)
            version = known.content["resumed"]["applied"].get(str(act.act_id)) if known else None
            if version is None:
                return None
            move = await session.get(AttemptMove, (act.subject_id, version))
        shown = {"attempt": "phase", "release": "release"}.get(move.machine) if move else None
        if move is None or shown is None:
            return act
        return act.model_copy(update={"after": {shown: move.target, **act.after}})

    async def record(self, act: Act) -> None:
        """In one transaction with the end of its beginning."""

        async def work(session: AsyncSession) -> None:
            await record(session, act)
            await session.execute(delete(ActIntent).where(ActIntent.act_id == act.act_id))

        await self._users.run(work)

    async def forget(self, act: Act) -> None:
        """Take it out."""

        async def work(session: AsyncSession) -> None:
            await session.execute(delete(ActIntent).where(ActIntent.act_id == act.act_id))

        await self._users.run(work)
