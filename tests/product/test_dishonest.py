"""A student who may send anything never gets a point, a minute, a sitting or a view that the honest twin does not."""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import httpx
import pytest

from api.demo import story
from tests.product.dishonest import answering, commanding, looking, paper, streaming
from tests.product.dishonest.scene import Scene
from tests.product.dishonest.staging import marked, staged, surroundings
from tests.product.dishonest.tally import Tally
from tests.product.dishonest.wish import Wish
from tests.product.house import House, Say
from tests.product.product import KILLED

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(900), pytest.mark.slow]

SEED = int(os.environ.get("DISHONEST_SEED", "20261128"))
SEQUENCES = int(os.environ.get("DISHONEST_SEQUENCES", "1000"))
SHORTEST, LONGEST = 5, 15
STREAMS = 0.03  # how many of the acts are streams: each takes half a second
ACTS = (*answering.ACTS, *commanding.ACTS, *looking.ACTS)
SITTING = {"running", "paused", "terminated", "timed out", "submitted", "released"}
ROUNDING = timedelta(seconds=3)  # clocks start, stop and go on on whole seconds, moves have microseconds
ALLOWED = timedelta(minutes=30)
ON_THE_CLOCK = {"running", "paused", "terminated"}  # or again once somebody lets them go on


@dataclass(frozen=True, slots=True)
class Time:
    """How long somebody could write, and whether the platform gave some of it back."""

    minutes: timedelta
    is_owed: bool


async def test_a_dishonest_student_gains_nothing(house: House, say: Say) -> None:
    began, before = time.monotonic(), {name: house.product.restarts(name) for name in KILLED}
    scenes = await staged(house, await surroundings(house))
    tally, staged_within = Tally(), time.monotonic() - began

    await asyncio.gather(*(_try(house, scene, tally, nth, len(scenes)) for nth, scene in enumerate(scenes)))
    for scene in scenes:
        await _compare(scene, tally, await _end(scene))

    restarts = {name: house.product.restarts(name) for name in KILLED}

    say(
        f"dishonest client: {SEQUENCES} sequences, {tally.tried.total()} requests and streams, DISHONEST_SEED={SEED}, "
        f"{time.monotonic() - began:.0f} s, of which {staged_within:.0f} s to set the scenes"
    )
    for line in tally.table():
        say(line)
    assert tally.wrongs[:20] == []
    assert restarts == before


async def _try(house: House, scene: Scene, tally: Tally, first: int, step: int) -> None:
    """This scene's share of the sequences, one after the other; each begins and ends where the scene stands."""
    authorization = scene.cheat._http.headers["Authorization"]
    async with httpx.AsyncClient(
        base_url=house.product.server,
        headers={"Authorization": authorization},
        timeout=60,
        trust_env=False,
        limits=httpx.Limits(keepalive_expiry=1),  # the server hangs up after five seconds
    ) as client:
        for number in range(first, SEQUENCES, step):
            place = f"seed {SEED}/{number}"
            rng = Random(place)
            for _ in range(rng.randint(SHORTEST, LONGEST)):
                await _act(house, client, scene, tally, place, rng)
            known = await scene.known()
            for what, now in known.items():
                if now != scene.baseline[what] and not (what == "counted" and scene.is_running):
                    tally.wrong(scene, place, f"{what} was {scene.baseline[what]} and is {now}")
            scene.baseline = known


async def _act(
    house: House, client: httpx.AsyncClient, scene: Scene, tally: Tally, place: str, rng: Random
) -> None:
    if rng.random() < STREAMS:
        dialogue = rng.choice(streaming.ACTS)(scene, rng)
        word, wrong = await streaming.held(house.product.server, scene.cheat, dialogue, scene.attempt_id)
        tally.tried[dialogue.kind, word] += 1
        if wrong:
            tally.wrong(scene, place, f"{dialogue.kind}: {wrong}: {word}")
        return
    act = rng.choice(ACTS)
    if not scene.questions and act in answering.ACTS:
        scene.questions = scene.around.victim_questions  # of the same paper, for those who have seen none
    wishes = act(scene, rng)
    await asyncio.gather(*(_send(client, scene, tally, place, wish) for wish in wishes))


async def _send(client: httpx.AsyncClient, scene: Scene, tally: Tally, place: str, wish: Wish) -> None:
    copies = [client.request(wish.method, wish.path, **wish.options()) for _ in range(wish.copies)]
    for answer in await asyncio.gather(*copies):
        tally.answered(scene, place, wish, answer)


async def _end(scene: Scene) -> list[Time]:
    """Both go on as honest people would, and hand in. Returns how long each could write, where that is not over."""
    staff, attempts = scene.around.staff, (scene.attempt_id, scene.twin_attempt_id)
    if scene.name == "paused":
        for student, attempt in zip((scene.cheat, scene.twin), attempts, strict=True):
            await story.command(student, attempt, "come-back")
            await story.command(staff["proctor"], attempt, "resume")
    if scene.name == "terminated":
        for attempt in attempts:
            await story.command(staff["admin"], attempt, "reactivate", {"reason": "It was a mistake"})
    if scene.name not in ON_THE_CLOCK:
        return []
    times = [await _time(staff["admin"], attempt) for attempt in attempts]
    for student, attempt in zip((scene.cheat, scene.twin), attempts, strict=True):
        await story.command(student, attempt, "submit")
    await marked(scene)
    return times


async def _compare(scene: Scene, tally: Tally, times: list[Time]) -> None:
    admin = scene.around.staff["admin"]
    cheat, twin = [await _gained(admin, attempt) for attempt in (scene.attempt_id, scene.twin_attempt_id)]
    for what, honest in twin.items():
        if cheat[what] != honest:
            tally.wrong(scene, "the end", f"{what}: the twin has {honest}, the cheat {cheat[what]}")
    for had in times:
        # What the platform itself took away and gave back is told as a move, and both were there.
        if not had.is_owed and abs(had.minutes - ALLOWED) > ROUNDING:
            tally.wrong(scene, "the end", f"time: {had.minutes}, allowed are {ALLOWED}")
    is_owed = any(had.is_owed for had in times)
    if times and not is_owed and abs(times[0].minutes - times[1].minutes) > ROUNDING:
        tally.wrong(scene, "the end", f"time: the twin had {times[1].minutes}, the cheat {times[0].minutes}")
    if scene.name in SITTING and cheat["points"] != (Decimal(paper.EARNED), Decimal(paper.POINTS)):
        tally.wrong(scene, "the end", f"points: {cheat['points']}, honest answers earn {paper.EARNED}")
    if cheat["sittings"] != 1:
        tally.wrong(scene, "the end", f"{cheat['sittings']} attempts at one exam")


async def _gained(admin: Any, attempt_id: str) -> dict[str, Any]:
    """Points, sittings and where it ended, as staff sees it."""
    attempt = await admin.get(f"/api/reservations/attempts/{attempt_id}")
    found = await admin.get(
        "/api/reservations/attempts/search", student_id=attempt["student_id"], exam_id=attempt["exam_id"]
    )
    points = None
    if attempt["marking"] == "marked":
        result = await admin.get(f"/api/corrections/attempts/{attempt_id}/results")
        points = Decimal(result["earned"]), Decimal(result["points"])
    return {
        "phase": attempt["phase"],
        "release": attempt["release"],
        "points": points,
        "sittings": len(found["items"]),
    }


async def _time(admin: Any, attempt_id: str) -> Time:
    """How long a running clock gives: from the start to the deadline, without what it stood."""
    path = f"/api/reservations/attempts/{attempt_id}"
    deadline_at = datetime.fromisoformat((await admin.get(path))["deadline_at"])
    moves = (await admin.get(f"{path}/moves", limit=200))["items"]
    at = {move["verb"]: datetime.fromisoformat(move["at"]) for move in moves}
    stops = [("pause", "resume"), ("terminate", "reactivate")]
    stood = sum((at[go] - at[stop] for stop, go in stops if stop in at), timedelta(0))
    return Time(deadline_at - at["start"] - stood, "return_time" in at)
