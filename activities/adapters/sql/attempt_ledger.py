"""Attempts with their snapshots over `_reservations`, and reviews over `_corrections`, as the sweep asks for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.orphan.port import KnownAttempt, OpenReview
from schema.attempt import FINAL_PHASES, Phase
from schema.db.session import Database
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.reservations import AttemptRow, AttemptSnapshot
from schema.lifecycle import AttemptInput
from schema.orphan import ENDED, is_over
from schema.outcome import Release
from schema.review import ReviewStage

AT_ONCE = 500


class SqlAttemptLedger:
    """Implements AttemptLedger."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations

    async def unsettled(self) -> Sequence[KnownAttempt]:
        """All that are not over and handed over, those that changed last first."""
        query = _known().where(AttemptSnapshot.settled_at.is_(None), ~_OVER_LONG_AGO)
        async with self._reservations.read() as session:
            return [
                _attempt(found)
                for found in await session.execute(query.order_by(AttemptRow.updated_at.desc()))
            ]

    async def settled(self) -> Sequence[UUID]:
        """All that are handed over; purging takes the snapshot away."""
        query = select(AttemptSnapshot.attempt_id).where(AttemptSnapshot.settled_at.is_not(None))
        async with self._reservations.read() as session:
            return list(await session.scalars(query))

    async def one(self, attempt_id: UUID) -> KnownAttempt | None:
        """One of them as it stands now."""
        query = _known().where(AttemptRow.attempt_id == attempt_id)
        async with self._reservations.read() as session:
            found = (await session.execute(query)).one_or_none()
        return None if found is None else _attempt(found)

    async def is_over(self, attempt_id: UUID) -> bool:
        """Whether nothing can change at it any more; also where nothing is known of it."""
        row = await self.one(attempt_id)
        return row is None or row.is_settled or is_over(row.phase, row.release)

    async def snapshot(self, attempt_id: UUID) -> AttemptInput | None:
        """What its workflow knew when it wrote last."""
        async with self._reservations.read() as session:
            found = await session.get(AttemptSnapshot, attempt_id)
        return None if found is None else AttemptInput.model_validate(found.content)

    async def begin_generation(self, attempt_id: UUID, after: int) -> bool:
        """One conditional write."""
        row = AttemptSnapshot

        async def work(session: AsyncSession) -> bool:
            taken = await session.execute(
                update(row)
                .where(row.attempt_id == attempt_id, row.generation == after)
                .values(generation=after + 1, contradicted_at=None)
            )
            return cast(CursorResult[Any], taken).rowcount == 1

        return await self._reservations.run(work)

    async def settle(self, attempt_id: UUID, at: datetime) -> None:
        """It is over and handed over."""
        row = AttemptSnapshot
        done = update(row).where(row.attempt_id == attempt_id, row.settled_at.is_(None)).values(settled_at=at)

        async def work(session: AsyncSession) -> None:
            await session.execute(done)

        await self._reservations.run(work)


class SqlReviewLedger:
    """Implements ReviewLedger."""

    def __init__(self, corrections: Database) -> None:
        self._corrections = corrections

    async def undecided(self) -> Sequence[OpenReview]:
        """All that wait for a decision."""
        row = ReviewRow
        query = select(row.review_id, row.attempt_id).where(row.stage != ReviewStage.DECIDED.value)
        async with self._corrections.read() as session:
            found = (await session.execute(query)).all()
        return [OpenReview(review_id, attempt_id, is_decided=False) for review_id, attempt_id in found]

    async def decided(self, review_ids: Sequence[UUID]) -> Sequence[UUID]:
        """Those of them that are decided."""
        row, decided = ReviewRow, []
        async with self._corrections.read() as session:
            for start in range(0, len(review_ids), AT_ONCE):
                query = select(row.review_id).where(
                    row.review_id.in_(review_ids[start : start + AT_ONCE]),
                    row.stage == ReviewStage.DECIDED.value,
                )
                decided += list(await session.scalars(query))
        return decided


Columns = Select[
    UUID, str, str, int | None, int, datetime | None, UUID | None, datetime | None, datetime | None
]
# Attempts of an older release that ended before snapshots were written.
_OVER_LONG_AGO = and_(
    AttemptSnapshot.attempt_id.is_(None),
    AttemptRow.phase.in_([phase.value for phase in FINAL_PHASES]),
    or_(
        AttemptRow.phase != Phase.SUBMITTED.value,
        AttemptRow.release.in_([release.value for release in ENDED]),
    ),
)


def _known() -> Columns:
    row, known = AttemptRow, AttemptSnapshot
    return select(
        row.attempt_id, row.phase, row.release, known.generation, row.version, row.deadline_at,
        row.seat_slot_id, known.contradicted_at, known.settled_at,
    ).outerjoin(known, known.attempt_id == row.attempt_id)  # fmt: skip


def _attempt(found: Any) -> KnownAttempt:
    return KnownAttempt(
        attempt_id=found.attempt_id,
        phase=Phase(found.phase),
        release=Release(found.release),
        generation=found.generation or 0,
        has_snapshot=found.generation is not None,
        version=found.version,
        deadline_at=found.deadline_at,
        has_seat=found.seat_slot_id is not None,
        is_contradicted=found.contradicted_at is not None,
        is_settled=found.settled_at is not None,
    )
