"""Holds over `_reservations`: the flag on the attempt and the reason beside it, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.session import Database
from schema.db.tables.reservations import AttemptHold, AttemptRow
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.retention import Hold, HoldOrder


class SqlHoldBook:
    """Implements HoldBook."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations

    async def hold(self, order: HoldOrder) -> None:
        """Block deletion of all; a hold that stands stays. Raises NOT_FOUND."""

        async def work(session: AsyncSession) -> None:
            for row in await _locked(session, order.attempt_ids):
                if not row.is_on_hold:
                    session.add(_new_row(row.attempt_id, order))
                row.is_on_hold = True

        await self._reservations.run(work)

    async def release(self, order: HoldOrder) -> None:
        """Allow deletion of all. Raises NOT_FOUND."""

        async def work(session: AsyncSession) -> None:
            for row in await _locked(session, order.attempt_ids):
                row.is_on_hold = False
            of_these = AttemptHold.attempt_id.in_(order.attempt_ids)
            standing = select(AttemptHold).where(of_these, AttemptHold.released_at.is_(None))
            for hold in await session.scalars(standing):
                hold.released_by, hold.released_at = order.by, order.at
                hold.release_reason = order.reason

        await self._reservations.run(work)

    async def holds(self, attempt_id: UUID) -> Sequence[Hold]:
        """The newest first."""
        query = select(AttemptHold).where(AttemptHold.attempt_id == attempt_id)
        async with self._reservations.read() as session:
            rows = await session.scalars(
                query.order_by(AttemptHold.set_at.desc(), AttemptHold.hold_id.desc())
            )
            return [_hold(row) for row in rows]


async def _locked(session: AsyncSession, attempt_ids: Sequence[UUID]) -> Sequence[AttemptRow]:
    """In the order of their ids, so that two orders at once wait for each other instead of crossing."""
    wanted = select(AttemptRow).where(AttemptRow.attempt_id.in_(attempt_ids))
    rows = (await session.scalars(wanted.order_by(AttemptRow.attempt_id).with_for_update())).all()
    missing = set(attempt_ids) - {row.attempt_id for row in rows}
    if missing:
        raise Failure(
            FailureType.NOT_FOUND, "there is no such attempt; load the list again", attempt_id=min(missing)
        )
    return rows


def _new_row(attempt_id: UUID, order: HoldOrder) -> AttemptHold:
    return AttemptHold(
        hold_id=new_id(),
        attempt_id=attempt_id,
        reason=order.reason,
        set_by=order.by,
        set_at=order.at,
    )


def _hold(row: AttemptHold) -> Hold:
    return Hold.model_validate({name: getattr(row, name) for name in Hold.model_fields})
