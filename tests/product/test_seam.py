"""Where a workflow continues as new: workers die around it, the attempt goes on, and a command sent twice is one."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from api.demo.cast import Cast
from api.demo.story import command, until
from api.demo.summary import pages
from schema.db.tables.reservations import ReservationsReceipt
from schema.ids import attempt_workflow_id
from tests.product.arrange import begun, held
from tests.product.house import House, Say
from tests.product.product import WORKERS

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(240)]

MOVES = 8  # well beyond the number of events after which the server suggests a new run
UNANSWERED = 0


async def test_a_reservation_moved_often_goes_on_in_a_new_run(house: House, say: Say) -> None:
    cast = await house.cast()
    exam_id = await house.exam({"cancel_cut_off": "PT0S", "reminders": []})
    slots = [await house.slot(exam_id, starts_in=timedelta(days=days)) for days in (2, 3)]
    attempt_id = await held(cast, exam_id, slots[0])
    await command(cast.student, attempt_id, "confirm")
    first_run = await _run_of(house, attempt_id)
    keys = [str(uuid4()) for _ in range(MOVES)]
    for number, key in enumerate(keys, start=1):
        await _move(cast, attempt_id, slots[number % 2], key)
    # It begins anew in the first moment in which nothing is under way.
    await until(lambda: _has_new_run(house, attempt_id, first_run), "the new run", within=60)
    await house.product.kill(*WORKERS)

    before = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    await _forget_answers(house, attempt_id)
    again = await _move(cast, attempt_id, slots[len(keys) % 2], keys[-1])
    assert (again["version"], again["slot_id"]) == (before["version"], slots[len(keys) % 2])
    assert await _verbs(cast, attempt_id) == ["reserve", "confirm", *["move"] * len(keys)]
    cancelled = await command(cast.student, attempt_id, "cancel")
    assert cancelled["phase"] == "cancelled"
    say(f"seam: a new run after {MOVES} moves; the last one sent again across it was one")


async def test_a_marked_attempt_goes_on_in_a_new_run(house: House, say: Say) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast, appeal_window="PT1S")
    first_run, key = await _run_of(house, attempt_id), str(uuid4())
    await _submit(cast, attempt_id, key)
    await house.product.kill(*WORKERS)
    await until(lambda: _has_new_run(house, attempt_id, first_run), "the new run", within=90)
    await house.product.kill(*WORKERS)

    before = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    assert (before["marking"], before["integrity"]) == ("marked", "none")
    await _forget_answers(house, attempt_id)
    again = await _submit(cast, attempt_id, key)
    assert (again["version"], again["submitted_at"]) == (before["version"], before["submitted_at"])
    assert (await _verbs(cast, attempt_id)).count("submit") == 1
    await command(cast.admin, attempt_id, "release")
    await until(lambda: _is_archived(cast, attempt_id), "the archive", within=90)
    say("seam: killed before and after the new run that follows marking; handed in once, archived")


async def _submit(cast: Cast, attempt_id: str, key: str) -> Any:
    return await cast.student.post(f"/api/reservations/attempts/{attempt_id}/submit", {}, key=key)


async def _move(cast: Cast, attempt_id: str, slot_id: str, key: str) -> Any:
    path = f"/api/reservations/attempts/{attempt_id}/move"
    return await cast.student.post(path, {"slot_id": slot_id}, key=key)


async def _forget_answers(house: House, attempt_id: str) -> None:
    """As if the API had died each time between the command and keeping its answer: a retry asks the workflow."""
    ours = ReservationsReceipt.body.contains(attempt_id)
    async with house.databases.reservations.write() as session:
        await session.execute(update(ReservationsReceipt).where(ours).values(status=UNANSWERED, body=""))


async def _run_of(house: House, attempt_id: str) -> str:
    client = await house.product.client()
    described = await client.get_workflow_handle(attempt_workflow_id(UUID(attempt_id))).describe()
    return str(described.run_id)


async def _has_new_run(house: House, attempt_id: str, first_run: str) -> bool:
    return await _run_of(house, attempt_id) != first_run


async def _verbs(cast: Cast, attempt_id: str) -> list[str]:
    moves = await pages(cast.admin, f"/api/reservations/attempts/{attempt_id}/moves")
    return [move["verb"] for move in moves if move["machine"] == "attempt"]


async def _is_archived(cast: Cast, attempt_id: str) -> bool:
    attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    return bool(attempt["release"] == "archived")
