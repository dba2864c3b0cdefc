"""SIGKILL of the worker that asks many attempts: each is extended once, and each acknowledgement is there."""

import asyncio
from typing import Any

import pytest

from api.demo.cast import Cast
from api.demo.story import command, until
from tests.product.arrange import AUTOMATIC, checked_in
from tests.product.house import House, Say
from tests.product.product import LIFECYCLE

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(240), pytest.mark.slow]

API = "/api/reservations"
STUDENTS = 10
KILLS = 2


async def test_a_worker_killed_while_it_asks_extends_everybody_once(house: House, say: Say) -> None:
    proctor = house.staff["proctor"]
    exam_id = await house.exam(AUTOMATIC)
    slot_id = await house.slot(exam_id, seats=STUDENTS)
    students = await house.people(STUDENTS)
    casts = [Cast(student=student, **house.staff) for student in students]
    attempts = await asyncio.gather(*(_writing(cast, exam_id, slot_id) for cast in casts))
    wanted = {
        "verb": "extend",
        "exam_id": exam_id,
        "by": "PT5M",
        "reason": "the network of the building failed",
    }
    key = f"extend-{exam_id}"

    asked = await proctor.post(f"{API}/operations", wanted, key=key)
    for _ in range(KILLS):
        await house.product.kill(LIFECYCLE)
        await asyncio.sleep(0.5)
    again = await proctor.post(f"{API}/operations", wanted, key=key)
    path = f"{API}/operations/{asked['operation_id']}"

    async def is_over() -> bool:
        return (await proctor.get(path))["finished_at"] is not None

    await until(is_over, "everybody to be asked", within=120)
    shown = await proctor.get(path, limit=200)
    assert again["operation_id"] == asked["operation_id"]
    assert (shown["total"], shown["done"]) == (STUDENTS, STUDENTS)
    assert {one["attempt_id"] for one in shown["acknowledgements"]["items"]} == set(attempts)
    assert [await _extensions(proctor, attempt_id) for attempt_id in attempts] == [1] * STUDENTS
    say(f"many: {STUDENTS} attempts extended once each over {KILLS} kills of the worker that asked")


async def _writing(cast: Cast, exam_id: str, slot_id: str) -> str:
    attempt_id = await checked_in(cast, exam_id, slot_id)
    await command(cast.student, attempt_id, "start")
    return attempt_id


async def _extensions(proctor: Any, attempt_id: str) -> int:
    moves = await proctor.get(f"{API}/attempts/{attempt_id}/moves", limit=200)
    return sum(move["verb"] == "extend" for move in moves["items"])
