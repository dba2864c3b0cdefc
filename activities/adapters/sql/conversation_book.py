"""Messages, read marks and raised hands, over `_monitoring`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from activities.adapters.sql.conversation_row import said_of, standing_of
from schema.conversation import SILENCE, Call, Said, Saying, Side, Standing, same_saying
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.monitoring import ConversationRow, MessageRow
from schema.ids import message_id_for


class SqlConversationBook:
    """Implements ConversationBook. Every change writes the conversation's row, so changes come one after another."""

    def __init__(self, monitoring: Database) -> None:
        self._monitoring = monitoring

    async def say(self, saying: Saying) -> Said:
        """Keep a message once. Raises INVALID when its key was used for another text."""

        async def work(session: AsyncSession) -> Said:
            message_id = message_id_for(saying.attempt_id, saying.author_id, saying.key)
            row = await _locked(session, saying.attempt_id)
            known = await session.get(MessageRow, message_id)
            if known is not None:
                return same_saying(said_of(known), saying)
            row.version += 1
            row.last_number += 1
            message = MessageRow(
                message_id=message_id,
                attempt_id=saying.attempt_id,
                number=row.last_number,
                author_id=saying.author_id,
                side=saying.side.value,
                device_key=saying.key,
                text=saying.text,
                at=saying.at,
            )
            session.add(message)
            return said_of(message)

        return await self._monitoring.run(work)

    async def since(self, attempt_id: UUID, after: int, limit: int) -> Sequence[Said]:
        """Up to `limit` messages with a number beyond `after`, in their order."""
        rows = (
            select(MessageRow)
            .where(MessageRow.attempt_id == attempt_id, MessageRow.number > after)
            .order_by(MessageRow.number)
            .limit(limit)
        )
        async with self._monitoring.read() as session:
            return [said_of(row) for row in await session.scalars(rows)]

    async def standings(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
        """How conversations stand; those that never began are missing."""
        async with self._monitoring.read() as session:
            return await _standings(session, attempt_ids)

    async def versions(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Their versions alone, for those who wait for a change."""
        query = select(ConversationRow.attempt_id, ConversationRow.version).where(
            ConversationRow.attempt_id.in_(attempt_ids)
        )
        async with self._monitoring.read() as session:
            return {row.attempt_id: row.version for row in await session.execute(query)}

    async def mark_read(self, attempt_id: UUID, side: Side, up_to: int) -> Standing:
        """This side has read up to a number; a mark never goes back, and never beyond the last message."""

        def change(row: ConversationRow) -> bool:
            name = "read_by_student" if side is Side.STUDENT else "read_by_proctors"
            mark = min(up_to, row.last_number)
            if mark <= getattr(row, name):
                return False
            setattr(row, name, mark)
            return True

        return await self._change(attempt_id, change)

    async def raise_hand(self, attempt_id: UUID, at: datetime) -> Standing:
        """A hand that is up stays up since when it was raised."""

        def change(row: ConversationRow) -> bool:
            if row.hand_raised_at is not None:
                return False
            row.hand_raised_at, row.hand_lowered_at, row.hand_lowered_by = at, None, ""
            return True

        return await self._change(attempt_id, change)

    async def lower_hand(self, attempt_id: UUID, by: Side, at: datetime) -> Standing:
        """A hand that is down stays as it is."""

        def change(row: ConversationRow) -> bool:
            if row.hand_raised_at is None:
                return False
            row.hand_raised_at, row.hand_lowered_at, row.hand_lowered_by = None, at, by.value
            return True

        return await self._change(attempt_id, change)

    async def unanswered(self, begin: datetime, end: datetime) -> Sequence[Call]:
        """Hands that are up and first unread messages of students, whichever came first, oldest first."""
        since: dict[UUID, datetime] = {}
        async with self._monitoring.read() as session:
            for query in (_hands(begin, end), _first_unread(begin, end)):
                for found in await session.execute(query):
                    since[found.attempt_id] = min(found.since, since.get(found.attempt_id, found.since))
        return sorted((Call(*found) for found in since.items()), key=lambda call: call.since)

    async def _change(self, attempt_id: UUID, change: Callable[[ConversationRow], bool]) -> Standing:
        async def work(session: AsyncSession) -> Standing:
            row = await _locked(session, attempt_id)
            if change(row):
                row.version += 1
            await session.flush()
            return (await _standings(session, [attempt_id])).get(attempt_id, SILENCE)

        return await self._monitoring.run(work)


async def _locked(session: AsyncSession, attempt_id: UUID) -> ConversationRow:
    row = await session.get(ConversationRow, attempt_id, with_for_update=True)
    if row is None:
        await insert_once(session, ConversationRow(attempt_id=attempt_id))
        row = await session.get_one(ConversationRow, attempt_id, with_for_update=True)
    return row


async def _standings(session: AsyncSession, attempt_ids: Collection[UUID]) -> dict[UUID, Standing]:
    rows = await session.scalars(select(ConversationRow).where(ConversationRow.attempt_id.in_(attempt_ids)))
    unread = {side: await _unread(session, attempt_ids, side) for side in Side}
    return {
        row.attempt_id: standing_of(row, {side: unread[side].get(row.attempt_id, 0) for side in Side})
        for row in rows
    }


def _hands(begin: datetime, end: datetime) -> Select[UUID, Any]:
    row = ConversationRow
    return select(row.attempt_id, row.hand_raised_at.label("since")).where(
        row.hand_raised_at.between(begin, end)
    )


def _first_unread(begin: datetime, end: datetime) -> Select[UUID, datetime]:
    """Student's messages that no proctor has read and that come after no other such one."""
    row, earlier = MessageRow, aliased(MessageRow)
    is_unread = row.side == Side.STUDENT.value, row.number > ConversationRow.read_by_proctors
    is_second = exists().where(
        earlier.attempt_id == row.attempt_id,
        earlier.side == Side.STUDENT.value,
        earlier.number > ConversationRow.read_by_proctors,
        earlier.number < row.number,
    )
    return (
        select(row.attempt_id, row.at.label("since"))
        .join(ConversationRow, ConversationRow.attempt_id == row.attempt_id)
        .where(row.at.between(begin, end), *is_unread, ~is_second)
    )


async def _unread(session: AsyncSession, attempt_ids: Collection[UUID], reader: Side) -> dict[UUID, int]:
    """How many messages of the other side this side has not read."""
    row = ConversationRow
    mark = row.read_by_student if reader is Side.STUDENT else row.read_by_proctors
    query = (
        select(MessageRow.attempt_id, func.count().label("unread"))
        .join(row, row.attempt_id == MessageRow.attempt_id)
        .where(
            MessageRow.attempt_id.in_(attempt_ids), MessageRow.number > mark, MessageRow.side != reader.value
        )
        .group_by(MessageRow.attempt_id)
    )
    return {found.attempt_id: found.unread for found in await session.execute(query)}
