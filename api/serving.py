"""Marks that this node serves students, and at which node which student's browser was seen."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from activities.adapters.service_probe import disk_takes, reads, temporal_answers, writes
from activities.adapters.sql.service_book import SqlServiceBook
from activities.ports import ServiceBook
from activities.service_marker import Needs, Probe, ServiceMarker
from api.context import Context
from api.spool.running import RunningSpool
from schema.outage.interval import Interval
from schema.outage.service import Component
from schema.settings import Part

ANOTHER_STAY = timedelta(seconds=60)  # who comes again after so long begins another one
GROWS_EVERY = timedelta(seconds=5)

COMPONENT_OF = {
    Part.CORRECTIONS: Component.ANSWERS,
    Part.MONITORING: Component.FRAMES,
    Part.RESERVATIONS: Component.COMMANDS,
}


class Seen:
    """Which attempts' browsers this node has heard of, and what of that is not written yet."""

    def __init__(self) -> None:
        self._stays: dict[UUID, Interval] = {}
        self._written: dict[UUID, Interval] = {}

    def note(self, attempt_id: UUID) -> None:
        """The student's own browser asked something of this node."""
        now = datetime.now(UTC)
        stay = self._stays.get(attempt_id)
        begins = now if stay is None or now - stay.end > ANOTHER_STAY else stay.start
        self._stays[attempt_id] = Interval(start=begins, end=now)

    async def write(self, book: ServiceBook, node_id: str) -> None:
        """Write new stays, and those that have grown by seconds; forget those that are over."""
        news = {
            attempt_id: stay
            for attempt_id, stay in self._stays.items()
            if (known := self._written.get(attempt_id)) is None
            or known.start != stay.start
            or stay.end - known.end >= GROWS_EVERY
        }
        if news:
            await book.stay(node_id, news)
        self._written |= news
        long_ago = datetime.now(UTC) - ANOTHER_STAY
        for attempt_id in [one for one, stay in self._written.items() if stay.end < long_ago]:
            del self._written[attempt_id], self._stays[attempt_id]


@asynccontextmanager
async def marking(context: Context, parts: Iterable[Part]) -> AsyncIterator[None]:
    """Mark this node's service for as long as it serves any of these parts."""
    needs = _needs(context, frozenset(parts))
    if not needs or not context.settings.service_mark_every:
        yield
        return
    settings = context.settings
    book = SqlServiceBook(context.databases.reservations, settings.outage_tolerance)

    async def who_is_here() -> None:
        seen = context.kept(Seen)
        if Component.FRAMES in needs:
            for attempt in context.kept(RunningSpool).spool.attempts.values():
                if attempt.connection is not None:
                    seen.note(attempt.attempt_id)
        await seen.write(book, settings.node_id)

    marker = ServiceMarker(book, settings.node_id, needs, settings.service_mark_every, who_is_here)
    task = asyncio.create_task(marker.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _needs(context: Context, parts: frozenset[Part]) -> Needs:
    bases = context.databases
    attempts, people = writes(bases.reservations), reads(bases.users)
    of: dict[Component, tuple[Probe, ...]] = {
        Component.ANSWERS: (writes(bases.corrections), attempts, people),
        Component.FRAMES: (writes(bases.monitoring), attempts, disk_takes(context.settings.spool_dir)),
        Component.COMMANDS: (attempts, people, temporal_answers(context.temporal)),
    }
    return {component: of[component] for part, component in COMPONENT_OF.items() if part in parts}
