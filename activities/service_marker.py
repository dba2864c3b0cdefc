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
TURN = timedelta(seconds=1)  # how long a turn waits for its probes


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
        self._asked: dict[Probe, asyncio.Task[bool]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                began = time.monotonic()
                await self._try()
                await asyncio.sleep(max(0.0, self._every.total_seconds() - (time.monotonic() - began)))
        finally:
            await self._stop_asking()

    async def _stop_asking(self) -> None:
        """Wait until the probes have let go: whoever closes the databases next finds none of them in use."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def _try(self) -> None:
        try:
            await self.step()
        except Exception as trouble:  # whatever it is: the gap tells of it
            for component in self._needs:
                self._causes.setdefault(component, Cause.DATABASE)
            LOG.warning("this node's service was not marked: %s", type(trouble).__name__)

    async def step(self) -> None:
        """Ask everything that is needed, and mark the components that have all of it.

        A probe that does not answer within a turn is asked no second time meanwhile, and holds no other component up.
        """
        found = await self._answers()
        serving = []
        for component, needed in self._needs.items():
            trouble = [probe for probe in needed if not found.get(probe, False)]
            for probe in trouble:
                self._causes.setdefault(component, probe.cause)
            if not trouble:
                serving.append(component)
        if serving:
            await self._mark(serving)

    async def _answers(self) -> dict[Probe, bool]:
        """What the probes say by the end of this turn."""
        for probe in dict.fromkeys(probe for needed in self._needs.values() for probe in needed):
            if probe not in self._asked:
                self._asked[probe] = asyncio.create_task(_works(probe))
        await asyncio.wait(self._asked.values(), timeout=max(self._every, TURN).total_seconds())
        done = {probe: task.result() for probe, task in self._asked.items() if task.done()}
        for probe in done:
            del self._asked[probe]
        return done

    async def _mark(self, serving: Sequence[Component]) -> None:
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


async def _works(probe: Probe) -> bool:
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await probe.works()
    except Exception as trouble:
        LOG.warning("%s does not serve: %s", probe.cause, type(trouble).__name__)
        return False
