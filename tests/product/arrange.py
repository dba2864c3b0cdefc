"""The shortest ways to where a test begins; the exam asks for consent only."""

from collections.abc import Mapping
from typing import Any

from api.demo.cast import Cast
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
