"""Students who sit an exam over the interface while their cameras are drawn, so that a wall has more than one tile."""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from itertools import cycle

import cv2

from api.demo.camera import Camera
from api.demo.film import Reel
from api.demo.mailbox import OutboxMailbox, awaited, token_in
from api.demo.person import Person, Refused
from tests.e2e.stage import API, PASSWORD, Stage
from tests.e2e.tour.drawn import SAM, Sitter, reel

LOOP = 6  # pictures, one a second, then from the beginning
RED = Sitter((205, 225, 243), (60, 130, 190), (60, 60, 150))
BLACK = Sitter((80, 105, 150), (25, 20, 20), (160, 130, 60), (300, 240), 0.9)
GREY = replace(SAM, skin=(140, 170, 205), hair=(170, 170, 175), shirt=(90, 60, 110), at=(350, 215))


@dataclass(frozen=True, slots=True)
class Extra:
    """Somebody of the crowd: whom the identity photo shows, and what the camera shows."""

    name: str
    sitter: Sitter
    shows: tuple[Sitter, ...]
    is_let_in: bool = True

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@crowd.example"


EXTRAS = (
    Extra("Ada Moreno", RED, (RED,)),
    Extra("Jun Park", BLACK, ()),
    Extra("Noor Haddad", GREY, (GREY,), is_let_in=False),
)


@dataclass(slots=True)
class Crowd:
    """Call `arrive` once, and `leave` at the end."""

    stage: Stage
    cameras: list[asyncio.Task[None]] = field(default_factory=list)
    people: list[tuple[Person, str]] = field(default_factory=list)

    async def arrive(self, exam_id: str, slot_id: str) -> None:
        """All of them register, book and check in; who is let in begins to write."""
        await asyncio.gather(*(self._sit(extra, exam_id, slot_id) for extra in EXTRAS))

    async def leave(self) -> None:
        """Hand in and hang up."""
        for camera in self.cameras:
            camera.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await camera
        for person, attempt_id in self.people:
            with contextlib.suppress(Refused):  # who was not let in has nothing to hand in
                await person.post(f"{API}/attempts/{attempt_id}/submit", {})
            await person.leave()

    async def _sit(self, extra: Extra, exam_id: str, slot_id: str) -> None:
        person = await self._registered(extra)
        attempt = await person.post(f"{API}/attempts", {"exam_id": exam_id, "slot_id": slot_id})
        path = f"{API}/attempts/{attempt['attempt_id']}"
        self.people.append((person, attempt["attempt_id"]))
        await person.post(f"{path}/confirm", {})
        await person.post(f"{path}/check-in", {})
        for step in ("browser", "camera", "consent"):
            await person.post(f"{path}/check-in/steps", {"step": step})
        photo = {"content": jpeg(reel(extra.sitter), 0), "headers": {"Content-Type": "image/jpeg"}}
        await person.post(f"{path}/check-in/identity-photo", **photo)
        if not extra.is_let_in:
            return
        await self.stage.command("proctor", attempt["attempt_id"], "admit")
        await person.post(f"{path}/start", {})
        self.cameras.append(asyncio.create_task(_play(person, attempt["attempt_id"], reel(*extra.shows))))

    async def _registered(self, extra: Extra) -> Person:
        person = Person(self.stage.server, extra.email, PASSWORD)
        wanted = {"email": extra.email, "password": PASSWORD, "display_name": extra.name}
        await person.post("/api/users/registrations", {**wanted, "time_zone": "Europe/Lisbon"})
        letter = await awaited(OutboxMailbox(self.stage.people["admin"]), extra.email, "confirm")
        confirmation = {"token": token_in(letter), "password": PASSWORD}
        await person.post("/api/users/confirmations", confirmation)
        return await person.sign_in()


def jpeg(pictures: Reel, second: int) -> bytes:
    """One picture as the camera would send it."""
    is_done, data = cv2.imencode(".jpg", pictures(second), [cv2.IMWRITE_JPEG_QUALITY, 85])
    assert is_done
    return data.tobytes()


async def _play(person: Person, attempt_id: str, pictures: Reel) -> None:
    shown = [await asyncio.to_thread(jpeg, pictures, second) for second in range(LOOP)]
    camera = Camera(person, attempt_id)
    camera.open()
    try:
        for picture in cycle(shown):
            await camera.frame(picture)
            await asyncio.sleep(1)
    finally:
        await camera.close()
