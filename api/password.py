"""Hashes and checks passwords with bcrypt, in threads, at the same cost whether the person exists or not."""

import asyncio
import base64
import hashlib
import re
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TypeVar

import bcrypt

from schema.failures import Failure, FailureType

SHORTEST = 10
LONGEST = 256
AT_ONCE = 2  # hashes; each takes a core for a quarter of a second
MOST_WAITING = 500  # of one lane; a class that signs in at one address is smaller

T = TypeVar("T")
_HASH = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")


class Passwords:
    """bcrypt takes 72 bytes and no NUL, so it gets the base64 of a SHA-256 of the normalised password.

    A lane is whoever asks: an address, a browser. Lanes take turns, so that a flood from one delays no other.
    """

    def __init__(self, rounds: int = 12) -> None:
        self._rounds = rounds
        self._nobody = bcrypt.hashpw(b"nobody has this password", bcrypt.gensalt(rounds))
        self._turns = Turns(AT_ONCE)

    async def hash(self, password: str, lane: str = "") -> str:
        """A salted hash, at most 60 characters."""
        salt = bcrypt.gensalt(self._rounds)
        digest = await self._turns.run(lane, lambda: bcrypt.hashpw(_condensed(password), salt))
        return digest.decode("ascii")

    async def matches(self, password: str, digest: str | None, lane: str = "") -> bool:
        """Whether the password has this hash; without one, or where it is none, it works as hard and says no."""
        is_hash = digest is not None and _HASH.fullmatch(digest) is not None
        known = digest.encode("ascii") if digest is not None and is_hash else self._nobody
        is_right = await self._turns.run(lane, lambda: bcrypt.checkpw(_condensed(password), known))
        return is_right and is_hash


class Turns:
    """Runs a few things at once in threads; of those that wait, each lane's first comes in turn."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._lanes: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def run(self, lane: str, work: Callable[[], T]) -> T:
        """Wait for a turn, then do it. Raises TOO_MANY for a lane that is full."""
        await self._enter(lane)
        try:
            return await asyncio.to_thread(work)
        finally:
            self._leave()

    async def _enter(self, lane: str) -> None:
        if self._free:
            self._free -= 1
            return
        waiting = self._lanes.setdefault(lane, deque())
        if len(waiting) >= MOST_WAITING:
            raise Failure(
                FailureType.TOO_MANY, "too many people sign in at once; try again in a moment", retry_after=5
            )
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # the turn came and nobody takes it
            raise

    def _leave(self) -> None:
        while self._lanes:
            lane, waiting = self._lanes.popitem(last=False)
            turn = waiting.popleft()
            if waiting:
                self._lanes[lane] = waiting
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _condensed(password: str) -> bytes:
    normal = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hashlib.sha256(normal).digest())
