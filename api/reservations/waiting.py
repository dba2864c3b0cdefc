"""Waiting lists as people see them: counted from the numbers that the slots gave, stored nowhere."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from schema.attempt import Phase
from schema.db.tables.reservations import AttemptRow

_WAITS = AttemptRow.phase == Phase.WAITLISTED.value


async def places_of(session: AsyncSession, attempt_ids: Collection[UUID]) -> dict[UUID, int]:
    """The places of those that wait, by attempt; 1 gets the next seat. Who moves up just now has none."""
    ahead = aliased(AttemptRow)
    is_ahead_or_it = and_(
        ahead.slot_id == AttemptRow.slot_id,
        ahead.phase == Phase.WAITLISTED.value,
        ahead.waitlist_number <= AttemptRow.waitlist_number,
    )
    counted = (
        select(AttemptRow.attempt_id, func.count())
        .join(ahead, is_ahead_or_it)
        .where(AttemptRow.attempt_id.in_(attempt_ids), _WAITS)
        .group_by(AttemptRow.attempt_id)
    )
    return {row[0]: row[1] for row in await session.execute(counted)}


async def waiting_in(session: AsyncSession, slot_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many wait for a seat, by slot; slots where nobody does are left out."""
    counted = (
        select(AttemptRow.slot_id, func.count())
        .where(AttemptRow.slot_id.in_(slot_ids), _WAITS, AttemptRow.waitlist_number.is_not(None))
        .group_by(AttemptRow.slot_id)
    )
    return {row[0]: row[1] for row in await session.execute(counted)}
