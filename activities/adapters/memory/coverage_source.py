"""The in-memory twin of the CoverageSource."""

from collections.abc import Collection, Mapping
from uuid import UUID

from activities.adapters.memory.monitoring import MemoryMonitoring
from activities.coverage.port import WatchedStream
from schema.coverage.account import CoverageAccount
from schema.coverage.figure import StreamTail


class MemoryCoverageSource:
    """Implements CoverageSource over the leases; no platform is ever out here."""

    def __init__(self, monitoring: MemoryMonitoring) -> None:
        self._monitoring = monitoring

    async def watched(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, WatchedStream]:
        """Of each of these attempts; one that never streamed has an empty account."""
        return {attempt_id: self._of(attempt_id) for attempt_id in attempt_ids}

    def _of(self, attempt_id: UUID) -> WatchedStream:
        lease = self._monitoring.leases.get(attempt_id)
        if lease is None:
            return WatchedStream(CoverageAccount(), StreamTail())
        return WatchedStream(lease.account, StreamTail(unreadable=lease.unreadable))
