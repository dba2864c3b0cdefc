"""Marks every second that this process serves; where something that it needs is away, it does not mark."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from activities.ports import ServiceBook
from schema.outage.mark import ServiceMark
from schema.outage.service import Cause, Component

LOG = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=5)  # who does not answer for so long is away
SLOW = 1.0  # seconds that a probe may take before it counts as what held the mark up


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that must work. `works` raises or returns False where it does not."""

    cause: Cause
    works: Callable[[], Awaitable[bool]]


Needs = Mapping[Component, Sequence[Probe]]
BeforeMark = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    return None


class ServiceMarker:
    """One per process. What is away is remembered as the cause until the next mark tells of the gap."""

    def __init__(
        self,
        book: ServiceBook,
        node_id: str,
        needs: Needs,
        every: timedelta,
        before: BeforeMark = _nothing,
    ) -> None:
        self._book = book
        self._node_id = node_id
        self._needs = needs
        self._every = every
        self._before = before
        self._marked: dict[Component, float] = {}
        self._causes: dict[Component, Cause] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            began = time.monotonic()
            try:
                await self.step()
            except Exception as trouble:  # whatever it is: the gap tells of it
                self._blame(self._needs, Cause.DATABASE)
                LOG.warning("this node's service was not marked: %s", type(trouble).__name__)
            await asyncio.sleep(max(0.0, self._every.total_seconds() - (time.monotonic() - began)))

    async def step(self) -> None:
        """Ask everything that is needed, and mark the components that have all of it."""
        probes = list(dict.fromkeys(probe for needed in self._needs.values() for probe in needed))
        found = dict(zip(probes, await asyncio.gather(*map(_asked, probes)), strict=True))
        serving = []
        for component, needed in self._needs.items():
            trouble = [probe for probe in needed if not found[probe].works]
            slow = [probe for probe in needed if found[probe].seconds > SLOW]
            for probe in trouble or slow:
                self._causes.setdefault(component, probe.cause)
            if not trouble:
                serving.append(component)
        if serving:
            await self._mark(serving)

    async def _mark(self, serving: Sequence[Component]) -> None:
        began = time.monotonic()
        await self._before()
        marks = [
            ServiceMark(
                component=component,
                node_id=self._node_id,
                marked_at_boot=self._marked.get(component),
                cause=self._causes.get(component, Cause.PROCESS),
            )
            for component in serving
        ]
        boot = await self._book.mark(marks)
        for component in serving:
            self._marked[component] = boot
            self._causes.pop(component, None)
        if time.monotonic() - began > SLOW:
            LOG.warning("marking this node's service took %.1f s", time.monotonic() - began)

    def _blame(self, needs: Needs, cause: Cause) -> None:
        for component in needs:
            self._causes.setdefault(component, cause)


@dataclass(frozen=True, slots=True)
class _Found:
    works: bool
    seconds: float


async def _asked(probe: Probe) -> _Found:
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            works = await probe.works()
    except Exception:
        works = False
    return _Found(works, time.monotonic() - began)
