"""The read model of attempts over `_reservations`: row, moves and events in one transaction."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.outage_row import write_returned
from activities.adapters.sql.reservation_row import new_move_row, slot_of, subject_of, write_projection
from activities.adapters.sql.snapshot import contradict, write_snapshot, written_of
from schema.attempt import FINAL_PHASES, Phase
from schema.db.outbox import RESERVATIONS, publish
from schema.db.session import Database
from schema.db.tables.reservations import AttemptMove, AttemptRow, AttemptSnapshot, SlotRow
from schema.failures import Failure, FailureType
from schema.lifecycle import AttemptProjection, Step
from schema.orphan import Order, forked, order_of
from schema.publication import told_by_step
from schema.reservation import active_key_of


class SqlAttemptBook:
    """Implements AttemptBook and AttemptIndex."""

    def __init__(self, reservations: Database, now: Now = utc_now) -> None:
        self._reservations = reservations
        self._now = now

    async def project(self, projection: AttemptProjection) -> None:
        """Write row, moves, events of all steps and the snapshot; what is written is ignored.

        Raises NOT_FOUND without a row, and CONFLICT for a projection with another past than the row's.
        """

        async def work(session: AsyncSession) -> Order:
            row = await _locked(session, projection.view.attempt_id)
            known = await session.get(AttemptSnapshot, row.attempt_id, with_for_update=True)
            order = order_of(projection, written_of(row, known))
            if order is Order.NEXT:
                write_projection(row, projection, self._now())
                await _claim_again(session, row)
                await write_snapshot(session, known, projection, self._now())
                await self._write_steps(session, row, projection.steps)
            elif order is Order.FORKED and known is not None:
                contradict(known, projection, self._now())
            return order

        if await self._reservations.run(work) is Order.FORKED:
            raise forked(projection)

    async def add_missing(self, projection: AttemptProjection) -> None:
        """Write what a database that lost its last moments lacks of this projection; nothing newer is undone."""

        async def work(session: AsyncSession) -> None:
            row = await _locked(session, projection.view.attempt_id)
            known = await session.get(AttemptSnapshot, row.attempt_id, with_for_update=True)
            generation = known.generation if known is not None else 0
            if (projection.generation, projection.view.version) > (generation, row.version):
                write_projection(row, projection, self._now())
                await _claim_again(session, row)
                await write_snapshot(session, known, projection, self._now())
            if projection.generation == generation or row.version == projection.view.version:
                await self._write_steps(session, row, projection.steps)

        await self._reservations.run(work)

    async def exams_of(self, attempt_ids: Collection[UUID], phases: Collection[Phase]) -> Mapping[UUID, UUID]:
        """The exam by attempt, of those attempts that stand in one of the phases."""
        row = AttemptRow
        query = select(row.attempt_id, row.exam_id).where(
            row.attempt_id.in_(attempt_ids), row.phase.in_([phase.value for phase in phases])
        )
        async with self._reservations.read() as session:
            return {found.attempt_id: found.exam_id for found in await session.execute(query)}

    async def _write_steps(self, session: AsyncSession, row: AttemptRow, steps: tuple[Step, ...]) -> None:
        of_attempt = select(AttemptMove.version).where(AttemptMove.attempt_id == row.attempt_id)
        written = set(await session.scalars(of_attempt))
        new = [step for step in steps if step.version not in written]
        session.add_all([new_move_row(row.attempt_id, step) for step in new])
        for step in new:
            await write_returned(session, row, step)
        slot = await session.get_one(SlotRow, row.slot_id)
        told = [event for step in new for event in told_by_step(step, slot_of(slot))]
        if told:
            await publish(session, RESERVATIONS, subject_of(row), told, self._now())


async def _claim_again(session: AsyncSession, row: AttemptRow) -> None:
    """A reopened attempt is its student's active one again, unless they have begun another meanwhile."""
    if row.active_key is not None or Phase(row.phase) in FINAL_PHASES:
        return
    key = active_key_of(row.student_id, row.exam_id)
    if await session.scalar(select(AttemptRow.attempt_id).where(AttemptRow.active_key == key)) is None:
        row.active_key = key


async def _locked(session: AsyncSession, attempt_id: UUID) -> AttemptRow:
    row = await session.get(AttemptRow, attempt_id, with_for_update=True)
    if row is None:
        raise Failure(
            FailureType.NOT_FOUND, "there is no such attempt; hold a seat first", attempt_id=attempt_id
        )
    return row
