"""Where watching stands, over `_monitoring`: checkpoint, incidents, evidence, events and owed signals at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.incident_row import amend, new_evidence_row, new_incident_row
from activities.ports import Lease
from schema.analysis import Analysis, IncidentChange
from schema.coverage.account import CoverageAccount
from schema.db.insertion import insert_once
from schema.db.outbox import MONITORING, publish
from schema.db.session import Database
from schema.db.tables.monitoring import EvidenceRow, IncidentRow, IncidentSignalRow, WatchCheckpoint
from schema.failures import Failure, FailureType
from schema.ids import signal_id_for
from schema.incident import Incident
from schema.owed import owed_by, signal_of
from schema.publication import subject_of, told_by_change
from schema.task import WatchTask

BEFORE_ALL = -1


class SqlCheckpointBook:
    """Implements CheckpointBook."""

    def __init__(self, monitoring: Database, now: Now = utc_now) -> None:
        self._monitoring = monitoring
        self._now = now

    async def take_lease(self, attempt_id: UUID, owner: str) -> Lease:
        """Raise the lease's epoch and return where watching stands; the first one stands before all offsets."""

        async def work(session: AsyncSession) -> Lease:
            row = await session.get(WatchCheckpoint, attempt_id, with_for_update=True)
            if row is None:
                await insert_once(session, self._new(attempt_id))
                row = await session.get_one(WatchCheckpoint, attempt_id, with_for_update=True)
            row.lease_epoch, row.owner, row.updated_at = row.lease_epoch + 1, owner, self._now()
            return _lease(row)

        return await self._monitoring.run(work)

    async def commit(
        self, lease: Lease, task: WatchTask, analysis: Analysis, account: CoverageAccount | None = None
    ) -> Lease:
        """Write everything that `analysis` found. Raises CONFLICT for a stale epoch.

        The same commit again, after an answer that was lost, changes nothing.
        """

        async def work(session: AsyncSession) -> Lease:
            row = await _held(session, lease)
            if analysis.offset > row.offset:
                row.offset, row.state, row.updated_at = analysis.offset, analysis.state, self._now()
                row.account = row.account if account is None else account.model_dump_json().encode()
                row.frames, row.unreadable = (
                    row.frames + analysis.frames,
                    row.unreadable + analysis.unreadable,
                )
                for change in analysis.changes:
                    await self._write(session, task, change)
            return _lease(row)

        return await self._monitoring.run(work)

    async def finish(self, lease: Lease) -> None:
        """Mark watching as finished. Raises CONFLICT for a stale epoch."""

        async def work(session: AsyncSession) -> None:
            row = await _held(session, lease)
            row.finished_at = row.finished_at or self._now()

        await self._monitoring.run(work)

    async def owed_signals(self, attempt_id: UUID) -> Sequence[tuple[UUID, str, str]]:
        """(signal_id, change, IncidentSignal as JSON) not yet delivered, oldest first."""
        query = (
            select(IncidentSignalRow)
            .where(IncidentSignalRow.attempt_id == attempt_id)
            .order_by(IncidentSignalRow.number)
        )
        async with self._monitoring.read() as session:
            return [(row.signal_id, row.change, row.signal) for row in await session.scalars(query)]

    async def delivered(self, signal_ids: Sequence[UUID]) -> None:
        """Forget delivered signals."""

        async def work(session: AsyncSession) -> None:
            await session.execute(
                delete(IncidentSignalRow).where(IncidentSignalRow.signal_id.in_(signal_ids))
            )

        await self._monitoring.run(work)

    async def _write(self, session: AsyncSession, task: WatchTask, change: IncidentChange) -> None:
        incident = change.incident
        row = await session.get(IncidentRow, incident.incident_id)
        if row is None:
            session.add(new_incident_row(task.attempt_id, incident, self._now()))
        else:
            amend(row, incident)
        for shot in incident.evidence:
            evidence = new_evidence_row(task.attempt_id, incident.incident_id, shot)
            if await session.get(EvidenceRow, evidence.evidence_id) is None:
                session.add(evidence)
        told = await publish(session, MONITORING, subject_of(task), told_by_change(change), self._now())
        owed = owed_by(change)
        if told and owed is not None:
            session.add(self._signal(task.attempt_id, incident, owed, told[0].sequence))

    def _signal(self, attempt_id: UUID, incident: Incident, change: str, number: int) -> IncidentSignalRow:
        return IncidentSignalRow(
            signal_id=signal_id_for(incident.incident_id, change),
            attempt_id=attempt_id,
            incident_id=incident.incident_id,
            change=change,
            signal=signal_of(incident).model_dump_json(),
            number=number,
            created_at=self._now(),
        )

    def _new(self, attempt_id: UUID) -> WatchCheckpoint:
        return WatchCheckpoint(
            attempt_id=attempt_id, lease_epoch=0, owner="", offset=BEFORE_ALL, updated_at=self._now()
        )


async def _held(session: AsyncSession, lease: Lease) -> WatchCheckpoint:
    row = await session.get(WatchCheckpoint, lease.attempt_id, with_for_update=True)
    if row is None or row.lease_epoch != lease.epoch:
        now = "nobody" if row is None else f"{row.owner} with epoch {row.lease_epoch}"
        said = f"this attempt is watched by {now}, not by epoch {lease.epoch}; take a new lease"
        raise Failure(FailureType.CONFLICT, said)
    return row


def _lease(row: WatchCheckpoint) -> Lease:
    return Lease(
        attempt_id=row.attempt_id,
        epoch=row.lease_epoch,
        offset=row.offset,
        state=row.state,
        frames=row.frames,
        unreadable=row.unreadable,
        account=account_of(row),
    )


def account_of(row: WatchCheckpoint) -> CoverageAccount:
    """What is accounted for; where an older version has analysed records without one, it is not whole."""
    if row.account is None:
        return CoverageAccount(is_whole=row.offset == BEFORE_ALL)
    return CoverageAccount.model_validate_json(row.account)
