"""Brings each scene about: cheat and twin do the same honest things, and then somebody stops, ends or releases both."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from api.demo import story
from api.demo.person import Person
from tests.product.dishonest import paper
from tests.product.dishonest.scene import Scene, Surroundings
from tests.product.house import House

NAMES = (
    "reserved",
    "awaiting",
    "running",
    "paused",
    "terminated",
    "timed out",
    "submitted",
    "released",
    "voided",
)
WHY = {"reason": "The tests need this phase"}
SHORT_SECONDS = 25  # enough to write honestly on a busy machine
SHORT = f"PT{SHORT_SECONDS}S"  # the whole time of those who run out of it
GRACE = timedelta(seconds=4)  # after a stop what was on its way still counts for 3 s
OTHERS_NUMBER = "4242.4242"


async def surroundings(house: House) -> Surroundings:
    """The exam of most scenes, and a victim with a running attempt and a released result."""
    exam_id = await paper.published(house)
    slot_id = await paper.slot_of(house, exam_id)
    (victim,) = await house.people(1)
    running = Scene(
        "spied on", _nobody(house, exam_id, slot_id, victim), victim, victim, exam_id, slot_id, ""
    )
    await _begin(running, victim)
    secrets = (victim.email, OTHERS_NUMBER)
    other = await paper.published(house)
    slot_of_other = await paper.slot_of(house, other)
    done = Scene("spied on later", running.around, victim, victim, other, slot_of_other, "")
    await _begin(done, victim)
    await _submit(done)
    await _release(done)
    return Surroundings(
        staff=house.staff,
        exam_id=exam_id,
        slot_id=slot_id,
        draft_exam_id=await paper.drafted(house),
        victim=victim,
        victim_attempt_id=running.attempt_id,
        victim_questions=running.questions,
        released_attempt_id=done.attempt_id,
        secrets=secrets,
        routes=await _routes(victim),
    )


async def _routes(anybody: Person) -> tuple[tuple[str, str], ...]:
    document = await anybody.get("/api/openapi.json")
    return tuple(
        (method.upper(), path) for path, item in document["paths"].items() for method in sorted(item)
    )


async def staged(house: House, around: Surroundings) -> list[Scene]:
    """Every scene, ready to be tried."""
    scenes = [await _empty(house, around, name) for name in NAMES]
    await asyncio.gather(*(_play(scene) for scene in scenes))
    stopped_at = datetime.now(UTC)
    await story.until(_async(lambda: datetime.now(UTC) > stopped_at + GRACE), "what is on its way to arrive")
    for scene in scenes:
        scene.baseline = await scene.known()
    return scenes


async def _empty(house: House, around: Surroundings, name: str) -> Scene:
    cheat, twin = await house.people(2)
    exam_id, slot_id = around.exam_id, around.slot_id
    if name in {"timed out", "awaiting"}:
        rules = {"duration": SHORT} if name == "timed out" else {"admission": "proctor"}
        exam_id = await paper.published(house, **rules)
        slot_id = await paper.slot_of(house, exam_id)
    if name == "reserved":
        exam_id = await paper.published(house)
        slot_id = await paper.slot_of(house, exam_id, timedelta(days=3))
    next_slot_id = await paper.slot_of(house, exam_id, timedelta(minutes=5))
    return Scene(name, around, cheat, twin, exam_id, slot_id, next_slot_id)


async def _play(scene: Scene) -> None:
    await _begin(scene, scene.cheat)
    await _begin(scene, scene.twin)
    await _STEPS.get(scene.name, _nothing)(scene)


async def _begin(scene: Scene, student: Person) -> None:
    """From the booking to the honest answers, as far as the scene goes."""
    wanted = {"exam_id": scene.exam_id, "slot_id": scene.slot_id}
    attempt_id = (await _keyed(scene, student, "reserve", "/api/reservations/attempts", wanted))["attempt_id"]
    path = f"/api/reservations/attempts/{attempt_id}"
    if student is scene.cheat:
        scene.attempt_id = attempt_id
    else:
        scene.twin_attempt_id = attempt_id
    await _keyed(scene, student, "confirm", f"{path}/confirm", {})
    if scene.name == "reserved":
        return
    await _keyed(scene, student, "check-in", f"{path}/check-in", {})
    await _keyed(scene, student, "check-in/steps", f"{path}/check-in/steps", {"step": "consent"})
    if scene.name == "awaiting":
        return
    await _keyed(scene, student, "start", f"{path}/start", {})
    await _write(scene, student, f"/api/corrections/attempts/{attempt_id}")


async def _write(scene: Scene, student: Person, marks: str) -> None:
    shown = await student.get(f"{marks}/paper")
    scene.questions = [question for section in shown["sections"] for question in section["questions"]]
    epoch = (await student.post(f"{marks}/answer-epoch"))["epoch"]
    for question in scene.questions:
        value = paper.honest(question)
        if student is scene.around.victim and value["kind"] == "number":
            value = {"kind": "number", "value": OTHERS_NUMBER}
        now = datetime.now(UTC).isoformat()
        draft = {"epoch": epoch, "revision": 3, "value": value, "answered_at": now}
        saved = await student.call("PUT", f"{marks}/answers/{question['question_id']}", json=draft)
        if saved["standing"] != "counted":
            raise TimeoutError(f"this machine is too slow to write honestly within {SHORT_SECONDS} s")


async def _keyed(scene: Scene, student: Person, name: str, path: str, body: dict[str, Any]) -> Any:
    key = f"honest-{scene.name.replace(' ', '-')}-{name.replace('/', '-')}-{student.person_id}"
    if student is scene.cheat:
        scene.keys[name] = key
    return await student.post(path, body, key=key)


async def _both(scene: Scene, who: str, command: str, body: dict[str, Any] | None = None) -> None:
    for attempt_id in dict.fromkeys((scene.attempt_id, scene.twin_attempt_id or scene.attempt_id)):
        await story.command(scene.around.staff[who], attempt_id, command, body)


async def _submit(scene: Scene) -> None:
    for student, attempt_id in _pairs(scene):
        await _keyed(scene, student, "submit", f"/api/reservations/attempts/{attempt_id}/submit", {})
    await marked(scene)


async def _release(scene: Scene) -> None:
    await _both(scene, "admin", "release")


async def marked(scene: Scene) -> None:
    """Return once both attempts are marked and nothing about them is undecided."""
    admin = scene.around.staff["admin"]

    async def is_settled() -> bool:
        found = [await admin.get(f"/api/reservations/attempts/{attempt}") for _, attempt in _pairs(scene)]
        return all(
            one["marking"] == "marked" and one["integrity"] in {"none", "cleared", "upheld"} for one in found
        )

    await story.until(is_settled, f"the marks of {scene.name}")


def _pairs(scene: Scene) -> list[tuple[Person, str]]:
    pairs = [(scene.cheat, scene.attempt_id), (scene.twin, scene.twin_attempt_id)]
    return [(student, attempt_id) for student, attempt_id in pairs if attempt_id]


async def _time_out(scene: Scene) -> None:
    await marked(scene)


async def _submit_and_release(scene: Scene) -> None:
    await _submit(scene)
    await _release(scene)


async def _nothing(_scene: Scene) -> None:
    return


_STEPS: dict[str, Callable[[Scene], Awaitable[None]]] = {
    "paused": lambda scene: _both(scene, "proctor", "pause", WHY),
    "terminated": lambda scene: _both(scene, "proctor", "terminate", WHY),
    "timed out": _time_out,
    "submitted": _submit,
    "released": _submit_and_release,
    "voided": lambda scene: _both(scene, "admin", "void", WHY),
}


def _async(test: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        return test()

    return ask


def _nobody(house: House, exam_id: str, slot_id: str, victim: Person) -> Surroundings:
    """Surroundings of the victim itself, on whom nobody spies yet."""
    return Surroundings(house.staff, exam_id, slot_id, exam_id, victim, "", [], "", (), ())
