"""Kills the product's processes, each and all together, in every phase of an attempt."""

import asyncio
from collections import Counter

from tests.product.product import API, IO, KILLED, LIFECYCLE, ML, Product
from tests.product.sitting import Action

# Into what is being done, and not before it has begun.
AFTER = 0.1


class Killer:
    """A Fate. `kills` counts by phase and part."""

    def __init__(self, product: Product) -> None:
        self.kills: Counter[tuple[str, str]] = Counter()
        self._product = product

    async def still(self, phase: str) -> None:
        """One after the other; those that answer people are awaited, so that each dies alone."""
        for name in (API, LIFECYCLE):
            await self._kill(phase, name)
            await self._product.until_serving(name)
        await self._kill(phase, IO)
        await self._kill(phase, ML)

    async def during(self, phase: str, action: Action) -> None:
        """All together, in the midst of it; in an exam each alone before."""
        doing = asyncio.ensure_future(action())
        try:
            if phase in {"in_progress", "released"}:
                await asyncio.sleep(1)
                await self.still(phase)
            await asyncio.sleep(AFTER)
            await self._kill(phase, *KILLED)
        finally:
            await doing

    async def _kill(self, phase: str, *names: str) -> None:
        await self._product.kill(*names)
        self.kills.update((phase, name) for name in names)
