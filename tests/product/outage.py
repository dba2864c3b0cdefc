"""Ways in which parts of a running product stop serving for a while, and come back."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from random import Random

from tests.product.product import API, IO, LIFECYCLE, Product

TEMPORAL = "temporal"
FROZEN = (API, LIFECYCLE, TEMPORAL)
LOCKED = ("corrections", "reservations", "monitoring")
SERVING = (API, LIFECYCLE, IO)

Outage = tuple[str, Callable[[float], Awaitable[None]]]


class Outages:
    """Each takes a while, and returns once the part is there again; a process that died is started anew."""

    def __init__(self, product: Product) -> None:
        self._product = product

    def cheap(self) -> list[Outage]:
        """Without a restart: processes that stand still, and databases that take nothing."""
        frozen = [
            (f"{name} frozen", lambda length, name=name: self.freeze((name,), length)) for name in FROZEN
        ]
        locked = [(f"{name} locked", lambda length, name=name: self.lock((name,), length)) for name in LOCKED]
        both = [("all frozen", lambda length: self.freeze(FROZEN, length))]
        return [*frozen, *locked, *both]

    def dear(self) -> list[Outage]:
        """With one."""
        return [
            ("api killed", lambda length: self.kill((API,), length)),
            ("workers killed", lambda length: self.kill((LIFECYCLE, IO), length)),
            ("temporal killed", lambda length: self.kill((TEMPORAL,), length)),
            ("everything killed", lambda length: self.kill((TEMPORAL, *SERVING), length)),
            ("api stopped in order", lambda length: self.stop((API,), length)),
        ]

    async def freeze(self, names: Sequence[str], length: float) -> None:
        """As a machine that swaps, or sleeps."""
        pids = [pid for name in names if (pid := self._product.pid(name)) is not None]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(length)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    async def lock(self, names: Sequence[str], length: float) -> None:
        """Somebody else writes, and does not come to an end."""
        folder = self._product.settings.var_dir / "db"
        with ExitStack() as stack:
            for name in names:
                connection = sqlite3.connect(folder / f"{name}.sqlite3", isolation_level=None, timeout=30)
                stack.callback(connection.close)
                connection.execute("BEGIN IMMEDIATE")
                stack.callback(connection.execute, "ROLLBACK")
            await asyncio.sleep(length)

    async def kill(self, names: Sequence[str], length: float) -> None:
        """SIGKILL, and a start after a while."""
        await self._product.down(*names)
        await asyncio.sleep(length)
        await self._product.revive(*names)

    async def stop(self, names: Sequence[str], length: float) -> None:
        """As an operator does."""
        await self._product.stop(*names)
        await asyncio.sleep(length)
        await self._product.revive(*names)


def seeded(outages: Outages, random: Random, count: int, dear: int) -> list[tuple[str, float, Outage]]:
    """So many outages in random order with their lengths; `dear` of them restart something."""
    kinds = [random.choice(outages.dear()) for _ in range(dear)]
    kinds += [random.choice(outages.cheap()) for _ in range(count - dear)]
    random.shuffle(kinds)
    return [(kind[0], round(random.uniform(1.0, 2.5), 2), kind) for kind in kinds]
