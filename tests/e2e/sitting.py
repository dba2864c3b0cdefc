"""Sittings over the interface, for tests whose browser shows somebody else: begun, written, ready for release."""

import asyncio
from dataclasses import dataclass
from typing import Any

from api.demo.person import Person, Refused
from tests.api.picture import jpeg
from tests.e2e.stage import API, Stage
from tests.product.script import Script

REVIEWS = "/api/corrections/reviews"
ONE_QUESTION = "::Boiling:: At sea level water boils at 100 degrees Celsius. {T}\n"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A student's attempt under way."""

    stage: Stage
    person: Person
    attempt_id: str

    @classmethod
    async def begin(cls, stage: Stage, person: Person, exam_id: str) -> "Sitting":
        """Booked, checked in, let in by the exam's policy, started."""
        wanted = {"exam_id": exam_id, "slot_id": await stage.slot_of(exam_id)}
        sitting = cls(stage, person, str((await person.post(f"{API}/attempts", wanted))["attempt_id"]))
        await sitting.do("confirm")
        await sitting.do("check-in")
        for step in ("browser", "camera", "consent"):
            await sitting.do("check-in/steps", {"step": step})
        path = f"{API}/attempts/{sitting.attempt_id}/check-in/identity-photo"
        await person.post(path, content=jpeg(), headers={"Content-Type": "image/jpeg"})
        await stage.begun(exam_id)
        await sitting.do("start")
        return sitting

    async def do(self, command: str, body: Any = None) -> Any:
        """A command of the student."""
        return await self.person.post(f"{API}/attempts/{self.attempt_id}/{command}", body or {})

    async def hand_in_and_answer_late(self) -> None:
        """Sent until it is taken as late: what arrives within three seconds of the end was on its way."""
        script = await Script.open(self.person, self.attempt_id)
        await self.do("submit")
        async with asyncio.timeout(30):
            while (await script.save(0)).json()["standing"] != "late":
                await asyncio.sleep(0.5)

    async def may(self, verb: str) -> None:
        """Return once the admin may do it; whatever integrity asks meanwhile is cleared by the reviewer."""
        async with asyncio.timeout(90):
            while True:
                attempt = await self.stage.attempt(self.attempt_id)
                if verb in attempt["possible"]:
                    return
                if attempt["integrity"] == "pending":
                    await self._clear()
                await asyncio.sleep(0.3)

    async def _clear(self) -> None:
        reviewer = self.stage.people["reviewer"]
        waiting = await reviewer.get(REVIEWS, kind="integrity", is_waiting="true", limit=200)
        for one in waiting["items"]:
            if one["attempt_id"] != self.attempt_id:
                continue
            verdict = {"kind": "integrity", "outcome": "cleared", "reason": "Nothing to see", "incidents": []}
            try:
                await reviewer.post(f"{REVIEWS}/{one['review_id']}/claim", {})
                await reviewer.post(f"{REVIEWS}/{one['review_id']}/decide", {"verdict": verdict})
            except Refused as refused:
                if refused.status != 409:  # it opens, or somebody decides, just now
                    raise
