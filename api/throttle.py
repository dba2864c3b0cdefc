"""Slows whoever guesses passwords and turns nobody away: a wait grows with the failures of one client at one account.

A client is a browser that signed in to this account before (its device cookie), or else a network address. Each
client has its own count, so a guesser slows a stranger's next try, never the browser of the right person. Many
clients that guess at one account are slowed together, except those browsers. Counted in this process, in memory
that is bounded; accounts are hashes and may not exist, so that waiting tells nothing.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from schema.failures import Failure, FailureType

FREE = 5  # failures of one client at one account that cost nothing: people mistype
FIRST_WAIT = 0.5  # seconds; doubles with each further failure
LONGEST_WAIT = 4.0  # so that the right person at the guesser's own address still gets in
ACCOUNT_FREE = 50  # failures of all unknown clients at one account
ACCOUNT_WAIT = 2.0
FORGOTTEN_AFTER = 15 * 60.0
MOST_WAITING = 20  # of one client at one account; beyond, somebody floods
MOST_KEPT = 50_000

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Client:
    """Who tries, at which account; `is_known` says that this browser has been in before."""

    name: str
    account: str
    is_known: bool = False

    @property
    def key(self) -> str:
        """Of its own count."""
        return f"{self.name} {self.account}"


@dataclass(slots=True)
class _Count:
    failures: int = 0
    failed_at: float = 0.0
    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Throttle:
    """One per application."""

    def __init__(
        self, *, is_on: bool, sleep: Sleep = asyncio.sleep, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._is_on = is_on
        self._sleep = sleep
        self._now = now
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    @asynccontextmanager
    async def turn(self, client: Client) -> AsyncIterator[None]:
        """Wait, one try of a client after the other; UNAUTHENTICATED from the block counts as a failure.

        Raises TOO_MANY for a client that asks without awaiting answers.
        """
        if not self._is_on:
            yield
            return
        count = self._count(client.key)
        if count.waiting >= MOST_WAITING:
            said = f"wait for the answers to your last {MOST_WAITING} tries, then try again"
            raise Failure(FailureType.TOO_MANY, said, retry_after=round(LONGEST_WAIT))
        count.waiting += 1
        try:
            async with count.turn:
                await self._wait(client, count)
                yield
                self._counts.pop(client.key, None)
        except Failure as failure:
            if failure.type is FailureType.UNAUTHENTICATED:
                self._failed(client, count)
            raise
        finally:
            count.waiting -= 1

    async def _wait(self, client: Client, count: _Count) -> None:
        wait = self.wait_of(client)
        left = count.failed_at + wait - self._now() if count.failures else wait
        if left > 0:
            await self._sleep(left)

    def wait_of(self, client: Client) -> float:
        """Seconds between this client's tries now."""
        own = self._failures(client.key)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(own - FREE, 10)) if own >= FREE else 0.0
        if not client.is_known and self._failures(_of_all(client)) >= ACCOUNT_FREE:
            wait = max(wait, ACCOUNT_WAIT)
        return wait

    def _failures(self, key: str) -> int:
        count = self._counts.get(key)
        return 0 if count is None or self._now() - count.failed_at > FORGOTTEN_AFTER else count.failures

    def _failed(self, client: Client, own: _Count) -> None:
        counts = [own] if client.is_known else [own, self._count(_of_all(client))]
        for count in counts:
            is_old = self._now() - count.failed_at > FORGOTTEN_AFTER
            count.failures = 1 if is_old else count.failures + 1
            count.failed_at = self._now()

    def _count(self, key: str) -> _Count:
        count = self._counts.setdefault(key, _Count())
        self._counts.move_to_end(key)
        if len(self._counts) > MOST_KEPT:
            self._counts.popitem(last=False)
        return count


def _of_all(client: Client) -> str:
    return f"* {client.account}"
