"""One attempt from reservation to archive over a short film, so that it can be done twice and compared."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from api.demo import story
from api.demo.camera import Camera
from api.demo.cast import Cast
from api.demo.film import Film, open_film, portrait
from tests.product.house import House
from tests.product.script import Script

# Seconds of each scene: one person, two, one, an empty room, one, a phone, one.
SCENES = (2, 3, 3, 8, 3, 4, 3)
TAB_HIDDEN_AT, TAB_VISIBLE_AT, EXTENDED_AT = 6, 7, 9
# When which question is answered, and the first one changed once more.
ANSWERS = ((3, 0), (7, 1), (11, 2), (15, 3), (19, 4), (22, 0))
POLICY = {"duration": "PT10M", "appeal_window": "PT15S", "shuffle_questions": False}

Action = Callable[[], Awaitable[Any]]


class Fate(Protocol):
    """What happens around an attempt."""

    async def still(self, phase: str) -> None:
        """The attempt stands in a phase, and nobody asks anything of it."""

    async def during(self, phase: str, action: Action) -> None:
        """Somebody does something in a phase; returns once it is done."""


class Peace:
    """Nothing happens."""

    async def still(self, phase: str) -> None:
        """Nothing."""

    async def during(self, phase: str, action: Action) -> None:
        """Only what is to be done."""
        await action()


@dataclass
class Reel:
    """The frames of the film, the same every time."""

    media: Path

    @cached_property
    def film(self) -> Film:
        """The demo's scenes, cut short."""
        film = open_film(self.media)
        scenes = tuple(replace(scene, seconds=s) for scene, s in zip(film.scenes, SCENES, strict=True))
        return replace(film, scenes=scenes)

    @cached_property
    def frames(self) -> list[bytes]:
        """One JPEG a second."""
        return [jpeg for scene in self.film.scenes for jpeg in scene.frames()]


@dataclass
class Sitting:
    """Drives one attempt; afterwards it knows what the server acknowledged."""

    house: House
    cast: Cast
    reel: Reel
    fate: Fate
    attempt_id: str = ""
    exam_id: str = ""
    began_at: datetime = field(init=False)
    camera: Camera = field(init=False)
    script: Script = field(init=False)
    submit_key: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    shown: list[bytes] = field(default_factory=list)
    is_handed_in: bool = False

    async def run(self) -> None:
        """The whole story."""
        await self._reserve()
        await self._check_in()
        await self._sit()
        await self._mark()
        await self._release()

    async def _reserve(self) -> None:
        self.exam_id = await self.house.exam(POLICY)
        wanted = {"exam_id": self.exam_id, "slot_id": await self.house.slot(self.exam_id)}
        self.attempt_id = (await self.cast.student.post("/api/reservations/attempts", wanted))["attempt_id"]
        await self._still("held")
        await self.fate.during("held", lambda: self._student("confirm"))
        await self._still("reserved")

    async def _check_in(self) -> None:
        await self.fate.during("reserved", lambda: self._student("check-in"))
        for step in ("browser", "camera", "consent"):
            await self._student("check-in/steps", {"step": step})
        await self._still("checking_in")
        await self.fate.during("checking_in", self._show_face)
        await self._still("awaiting_admission")
        await self.fate.during("awaiting_admission", lambda: self._proctor("admit"))
        await self._student("start")

    async def _show_face(self) -> None:
        await self.cast.student.call(
            "POST",
            f"/api/reservations/attempts/{self.attempt_id}/check-in/identity-photo",
            content=portrait(self.reel.film),
            headers={"Content-Type": "image/jpeg", "Idempotency-Key": f"photo-{self.attempt_id}"},
        )

    async def _sit(self) -> None:
        self.camera = Camera(self.cast.student, self.attempt_id)
        self.script = await Script.open(self.cast.student, self.attempt_id)
        self.camera.open()
        await story.until(self._is_connected, "the camera's connection")
        self.began_at = datetime.now(UTC)
        filming = asyncio.create_task(self._film())
        try:
            film_ends = len(self.reel.frames)
            await self.fate.during("in_progress", lambda: asyncio.gather(self._at(film_ends), self._write()))
            await self.camera.drained()
            self.submit_key = f"submit-{self.attempt_id}"
            await self.fate.during("submit", self.submit)
            self.is_handed_in = True
            await asyncio.gather(filming, self.camera.until_dismissed())
        finally:
            filming.cancel()
            await self.camera.close()
        await self._still("submitted")

    async def submit(self) -> Any:
        """Hand in; always the same request."""
        path = f"/api/reservations/attempts/{self.attempt_id}/submit"
        return await self.cast.student.post(path, {}, key=self.submit_key)

    async def _mark(self) -> None:
        for kind, person in (("essay", self.cast.grader), ("integrity", self.cast.reviewer)):
            await story.next_review(person, kind, self.exam_id)
        await self._still("submitted", "reviews wait")
        await asyncio.gather(story.mark(self.cast, self.exam_id), self._uphold())
        await self.fate.during("marking", lambda: self._rule("second", "cleared"))

    async def _uphold(self) -> None:
        await self._rule("reviewer", "upheld")

    async def _rule(self, who: str, outcome: str) -> None:
        person = getattr(self.cast, who)
        review = await story.next_review(person, "integrity", self.exam_id)
        detail = await person.get(f"/api/corrections/reviews/{review}")
        ruling = "confirmed" if outcome == "upheld" else "explained"
        rulings = [
            {"incident_id": one["incident_id"], "ruling": ruling, "reason": "As the pictures show."}
            for one in detail["incidents"]
            if one["severity"] != "technical"
        ]
        verdict = {"kind": "integrity", "outcome": outcome, "reason": "As said.", "incidents": rulings}
        await story.decide(person, review, verdict)

    async def _release(self) -> None:
        self.result = await story.release(self.cast, self.attempt_id)
        await self.fate.during("released", lambda: story.archive(self.cast, self.attempt_id))

    async def _film(self) -> None:
        """A picture a second until the exam is handed in, as from any camera: after the film its last one, again."""
        for second in count():
            await self._at(second)
            if self.is_handed_in:
                return
            # The film's own time: a test that is kept waiting must not shift what the camera saw.
            captured_at = self.began_at + timedelta(seconds=second)
            self.shown.append(self.reel.frames[min(second, len(self.reel.frames) - 1)])
            await self.camera.frame(self.shown[-1], captured_at)
            if second in {TAB_HIDDEN_AT, TAB_VISIBLE_AT}:
                kind = "tab_hidden" if second == TAB_HIDDEN_AT else "tab_visible"
                await self.camera.event(kind, captured_at)

    async def _write(self) -> None:
        for second, place in ANSWERS:
            await self._at(second)
            await self.script.save(place)
            if second <= EXTENDED_AT < second + 4:
                await self._proctor("extend", {"by": "PT2M", "reason": "The room was noisy."})

    async def _at(self, second: float) -> None:
        await asyncio.sleep(max(0.0, second - (datetime.now(UTC) - self.began_at).total_seconds()))

    async def _still(self, phase: str, moment: str = "") -> None:
        await self.fate.still(moment or phase)
        attempt = await self.cast.admin.get(f"/api/reservations/attempts/{self.attempt_id}")
        assert attempt["phase"] == phase, f"{phase} became {attempt['phase']}"

    async def _is_connected(self) -> bool:
        return self.camera.connections > 0

    async def _student(self, name: str, body: dict[str, Any] | None = None) -> Any:
        return await story.command(self.cast.student, self.attempt_id, name, body)

    async def _proctor(self, name: str, body: dict[str, Any] | None = None) -> Any:
        return await story.command(self.cast.proctor, self.attempt_id, name, body)
