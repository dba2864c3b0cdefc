"""Acts that were begun, over `_users`; whether they were done is written in `_reservations` and `_corrections`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.insertion import insert_once
from schema.db.journal import record
from schema.db.session import Database
from schema.db.tables.corrections import LateAnswerRow, ReviewRow
from schema.db.tables.reservations import AttemptMove, AttemptSnapshot
from schema.db.tables.users import ActIntent
from schema.journal import Act, ActKind, ActSubject
from schema.review import ReviewStage

AT_ONCE = 100


class SqlIntentBook:
    """Implements IntentBook."""

    def __init__(self, users: Database, reservations: Database, corrections: Database) -> None:
        self._users = users
        self._reservations = reservations
        self._corrections = corrections

    async def begin(self, act: Act) -> None:
        """Before it is done; begun again it is the same."""
        row = ActIntent(act_id=act.act_id, content=act.model_dump(mode="json"), began_at=act.at)

        async def work(session: AsyncSession) -> None:
            await insert_once(session, row)

        await self._users.run(work)

    async def begun_before(self, moment: datetime, after: Act | None = None) -> Sequence[Act]:
        """The oldest first; of one moment, by their ids."""
        began_at, act_id = ActIntent.began_at, ActIntent.act_id
        query = select(ActIntent).where(began_at < moment).order_by(began_at, act_id)
        if after is not None:
            is_behind = or_(began_at > after.at, and_(began_at == after.at, act_id > after.act_id))
            query = query.where(is_behind)
        async with self._users.read() as session:
            return [Act.model_validate(row.content) for row in await session.scalars(query.limit(AT_ONCE))]

    async def what_came_of(self, act: Act) -> Act | None:
        """By the row of the review or the late answer, or by what the attempt's workflow has applied."""
        if act.subject is ActSubject.REVIEW:
            return await self._of_review(act)
        if act.kind == ActKind.LATE_ANSWER_ACCEPTED:
            return await self._of_late_answer(act)
        return await self._of_attempt(act)

    async def _of_review(self, act: Act) -> Act | None:
        async with self._corrections.read() as session:
            row = await session.get(ReviewRow, act.subject_id)
        if row is None or act.before.get("stage") == ReviewStage.DECIDED:
            return None  # what was decided when it began was not changed by it
        held_it = act.before.get("assignee_id") == str(act.actor_id)
        is_done = {
            ActKind.REVIEW_DECIDED: row.decided_by == act.actor_id,
            ActKind.REVIEW_CLAIMED: str(row.assignee_id) == act.after.get("assignee_id"),
            ActKind.REVIEW_GIVEN_BACK: row.assignee_id is None and held_it,
        }
        if not is_done.get(ActKind(act.kind), False):
            return None
        return act.model_copy(update={"after": {"stage": row.stage, **act.after}})

    async def _of_late_answer(self, act: Act) -> Act | None:
        row = LateAnswerRow
        mine = (row.attempt_id == act.subject_id, row.question_id == UUID(act.after["question_id"]))
        accepted = select(row.attempt_id).where(*mine, row.accepted_by == act.actor_id)
        async with self._corrections.read() as session:
            return act if await session.scalar(accepted.limit(1)) is not None else None

    async def _of_attempt(self, act: Act) -> Act | None:
        """Its workflow's operations are named like the acts."""
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
