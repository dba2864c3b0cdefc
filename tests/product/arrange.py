"""The shortest ways to where a test begins; the exam asks for consent only."""

import asyncio
from collections.abc import Mapping
from typing import Any

from api.demo.cast import Cast
from api.demo.person import Person
from api.demo.story import command
from tests.product.house import House

CONSENT: Mapping[str, Any] = {"check_in_steps": ["consent"]}
AUTOMATIC: Mapping[str, Any] = {**CONSENT, "admission": "automatic"}


async def held(cast: Cast, exam_id: str, slot_id: str) -> str:
    """A seat is held. Returns the attempt's id."""
    wanted = {"exam_id": exam_id, "slot_id": slot_id}
    attempt_id: str = (await cast.student.post("/api/reservations/attempts", wanted))["attempt_id"]
    return attempt_id


async def checked_in(cast: Cast, exam_id: str, slot_id: str) -> str:
    """Awaiting admission, or admitted where nobody is asked. Returns the attempt's id."""
    attempt_id = await held(cast, exam_id, slot_id)
    await command(cast.student, attempt_id, "confirm")
    await command(cast.student, attempt_id, "check-in")
    await command(cast.student, attempt_id, "check-in/steps", {"step": "consent"})
    return attempt_id


async def begun(house: House, cast: Cast, **policy: Any) -> tuple[str, dict[str, Any]]:
    """An exam of its own, in progress. Returns the attempt's id and view."""
    exam_id = await house.exam({**AUTOMATIC, **policy})
    attempt_id = await checked_in(cast, exam_id, await house.slot(exam_id))
    return attempt_id, await command(cast.student, attempt_id, "start")


async def begun_by(house: House, exam_id: str, count: int) -> dict[str, Person]:
    """Attempts in progress, by id."""
    slot_id = await house.slot(exam_id, seats=count)
    students = await house.people(count)
    room = asyncio.Semaphore(5)

    async def begin(student: Person) -> tuple[str, Person]:
        async with room:
            attempt_id = await checked_in(Cast(student=student, **house.staff), exam_id, slot_id)
            await command(student, attempt_id, "start")
            return attempt_id, student

    return dict(await asyncio.gather(*(begin(student) for student in students)))
