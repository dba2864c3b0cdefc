"""The in-memory twin of the CheckpointBook."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from activities.adapters.memory.monitoring import MemoryMonitoring
from activities.adapters.now import Now, utc_now
from activities.ports import Lease
from schema.analysis import Analysis, IncidentChange
from schema.coverage.account import CoverageAccount
from schema.failures import Failure, FailureType
from schema.ids import signal_id_for
from schema.owed import owed_by, signal_of
from schema.publication import subject_of
from schema.task import WatchTask


class MemoryCheckpointBook:
    """Implements CheckpointBook."""

    def __init__(self, monitoring: MemoryMonitoring, now: Now = utc_now) -> None:
        self._monitoring = monitoring
        self._now = now

    async def take_lease(self, attempt_id: UUID, owner: str) -> Lease:
        """Raise the lease's epoch and return where watching stands."""
        start = Lease(attempt_id, epoch=0, offset=-1, state=None, frames=0, unreadable=0)
        held = self._monitoring.leases.get(attempt_id, start)
        self._monitoring.leases[attempt_id] = replace(held, epoch=held.epoch + 1)
        return self._monitoring.leases[attempt_id]

    async def commit(
        self, lease: Lease, task: WatchTask, analysis: Analysis, account: CoverageAccount | None = None
    ) -> Lease:
        """Write everything that `analysis` found. Raises CONFLICT for a stale epoch."""
        held = self._held(lease)
        if analysis.offset > held.offset:
            for change in analysis.changes:
                self._write(task, change)
            held = replace(
                held,
                offset=analysis.offset,
                state=analysis.state,
                frames=held.frames + analysis.frames,
                unreadable=held.unreadable + analysis.unreadable,
                account=account or held.account,
            )
            self._monitoring.leases[lease.attempt_id] = held
        return held

    async def finish(self, lease: Lease) -> None:
        """Mark watching as finished. Raises CONFLICT for a stale epoch."""
        self._monitoring.finished.setdefault(self._held(lease).attempt_id, self._now())

    async def owed_signals(self, attempt_id: UUID) -> Sequence[tuple[UUID, str, str]]:
        """(signal_id, change, IncidentSignal as JSON) not yet delivered, oldest first."""
        owed = self._monitoring.owed.items()
        return [(key, change, signal) for key, (attempt, change, signal) in owed if attempt == attempt_id]

    async def delivered(self, signal_ids: Sequence[UUID]) -> None:
        """Forget delivered signals."""
        for signal_id in signal_ids:
            self._monitoring.owed.pop(signal_id, None)

    def _write(self, task: WatchTask, change: IncidentChange) -> None:
        told = self._monitoring.write(subject_of(task), change)
        owed = owed_by(change)
        if told and owed is not None:
            signal_id = signal_id_for(change.incident.incident_id, owed)
            signal = signal_of(change.incident).model_dump_json()
            self._monitoring.owed[signal_id] = (task.attempt_id, owed, signal)

    def _held(self, lease: Lease) -> Lease:
        held = self._monitoring.leases.get(lease.attempt_id)
        if held is None or held.epoch != lease.epoch:
            said = f"this attempt is not watched by epoch {lease.epoch} any more; take a new lease"
            raise Failure(FailureType.CONFLICT, said)
        return held
