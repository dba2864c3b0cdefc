"""Students who reserve and answer without a pause; what the server acknowledged to them is remembered."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from api.demo.person import Person
from tests.product.arrange import AUTOMATIC, checked_in
from tests.product.house import House
from tests.product.script import Script

WRITERS = 6
RESERVERS = 4
SEATS = 300
Act = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Load:
    """`heard` holds when each kind of request was acknowledged, on the monotonic clock."""

    exam_id: str
    slot_id: str
    scripts: list[Script]
    newcomers: list[Person]
    reserved: list[str] = field(default_factory=list)
    heard: dict[str, list[float]] = field(default_factory=lambda: {"reservation": [], "answer": []})
    is_over: bool = False

    @classmethod
    async def prepare(cls, house: House) -> "Load":
        """Writers sit in their exam already; newcomers want a seat in another slot of it."""
        exam_id = await house.exam(AUTOMATIC)
        sitting, wanted = await house.slot(exam_id, WRITERS), await house.slot(exam_id, SEATS)
        scripts = [await _begun(house, exam_id, sitting) for _ in range(WRITERS)]
        return cls(exam_id, wanted, scripts, await house.people(SEATS))

    async def run(self) -> None:
        """Until `is_over`. Raises what a client would see that gives up."""
        writers = [_again(self, lambda script=script: self._answer(script)) for script in self.scripts]  # type: ignore[misc]
        await asyncio.gather(*writers, *(_again(self, self._reserve) for _ in range(RESERVERS)))

    def longest_gap(self, kind: str) -> timedelta:
        """The longest time without an acknowledgement of this kind."""
        heard = self.heard[kind]
        return timedelta(seconds=max(later - earlier for earlier, later in pairwise(heard)))

    async def until_heard(self, more: int, within: float) -> None:
        """Return once so many more requests of each kind are acknowledged. Raises TimeoutError."""
        wanted = {kind: len(heard) + more for kind, heard in self.heard.items()}
        async with asyncio.timeout(within):
            while any(len(self.heard[kind]) < count for kind, count in wanted.items()):
                await asyncio.sleep(0.1)

    async def _answer(self, script: Script) -> None:
        await script.save(script.acknowledged % len(script.questions))
        self.heard["answer"].append(time.monotonic())

    async def _reserve(self) -> None:
        student = self.newcomers.pop()
        wanted = {"exam_id": self.exam_id, "slot_id": self.slot_id}
        attempt = await student.post("/api/reservations/attempts", wanted)
        await student.post(f"/api/reservations/attempts/{attempt['attempt_id']}/confirm", {})
        self.reserved.append(attempt["attempt_id"])
        self.heard["reservation"].append(time.monotonic())


async def _begun(house: House, exam_id: str, slot_id: str) -> Script:
    cast = await house.cast()
    attempt_id = await checked_in(cast, exam_id, slot_id)
    await cast.student.post(f"/api/reservations/attempts/{attempt_id}/start", {})
    return await Script.open(cast.student, attempt_id)


async def _again(load: Load, act: Act) -> None:
    while not load.is_over:
        await act()
        await asyncio.sleep(0.1)
