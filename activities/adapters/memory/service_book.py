"""The in-memory twin of the ServiceBook."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from activities.adapters.memory.outage import MemoryMark, MemoryOutage
from activities.adapters.memory.reservations import MemoryReservations
from schema.outage.interval import Interval
from schema.outage.mark import ServiceMark, silence_since


class MemoryServiceBook:
    """Implements ServiceBook; no method waits in between, so each is one transaction."""

    def __init__(
        self,
        reservations: MemoryReservations,
        tolerance: timedelta,
        now: Callable[[], datetime],
        boot: Callable[[], float],
    ) -> None:
        self._outages = reservations.outages
        self._tolerance = tolerance
        self._now = now
        self._boot = boot

    async def mark(self, marks: Collection[ServiceMark]) -> float:
        """Write them, and the gaps since those before."""
        now, boot = self._now(), self._boot()
        for mark in marks:
            known = self._outages.marks.setdefault((mark.component, mark.node_id), MemoryMark(now, now))
            silence = silence_since(known.last_at, mark, now, boot)
            if silence > self._tolerance:
                gap = Interval(start=now - silence, end=now)
                self._outages.outages.append(
                    MemoryOutage(mark.component, mark.node_id, gap, mark.cause.value)
                )
            known.last_at = now
        return boot

    async def stay(self, node_id: str, seen: Mapping[UUID, Interval]) -> None:
        """Write them; the same stay again grows."""
        for attempt_id, stay in seen.items():
            self._outages.stays[attempt_id, node_id, stay.start] = stay.end
