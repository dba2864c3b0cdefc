"""One exam from the author's file to the result, through HTTP and real workflows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from api.app import create_app
from api.context import utc_now
from api.password import Passwords
from schema.db.session import Databases
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.house import House, MovableClock, Someone

pytestmark = pytest.mark.temporal

GIFT = b"The sky is blue. {T}\n\nWhat is two plus two? {#4}\n\nWhy is the sky blue? {}"
ATTEMPTS = "/api/reservations/attempts"
ANSWERED = {
    "true_false": {"kind": "truth", "value": True},
    "numeric": {"kind": "number", "value": "5"},
    "essay": {"kind": "text", "text": "Because of scattering."},
}


@pytest.fixture
async def school(
    temporal: Client, working: None, settings: Settings, databases: Databases
) -> AsyncIterator[House]:
    parts = frozenset({Part.RESERVATIONS, Part.CORRECTIONS})
    app = create_app(settings, parts, databases=databases, temporal=temporal, passwords=Passwords(rounds=4))
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield House(client, app.state.context, MovableClock(utc_now()))


async def post(house: House, person: Someone, path: str, **request: Any) -> dict[str, Any]:
    headers = {**person.keyed(), **request.pop("headers", {})}
    answer = await house.client.post(path, headers=headers, **request)
    assert answer.is_success, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def eventually(ask: Callable[[], Awaitable[httpx.Response]]) -> dict[str, Any]:
    """The first answer that succeeds, within a minute."""
    answer = await ask()
    for _ in range(1_200):
        if answer.is_success:
            break
        assert answer.status_code in {404, 409, 503}, answer.text
        await asyncio.sleep(0.05)
        answer = await ask()
    body: dict[str, Any] = answer.raise_for_status().json()
    return body


async def published(house: House, author: Someone) -> str:
    """An exam from a file: no proctor, no camera, a pass mark of 60 per cent."""
    policy = {"check_in_steps": ["browser"], "admission": "automatic", "pass_mark": 60}
    exam = await post(house, author, "/api/reservations/exams", json={"title": "Sky", "policy": policy})
    path = f"/api/reservations/exams/{exam['exam_id']}"
    imported = await post(
        house, author, f"{path}/import?points=2", content=GIFT, headers={"Content-Type": "text/plain"}
    )
    await post(house, author, f"{path}/publish", headers={"If-Match": f'"{imported["version"]}"'})
    return str(exam["exam_id"])


async def begun(house: House, author: Someone, student: Someone, exam_id: str) -> str:
    """An attempt that has just started."""
    now = utc_now()
    window = {"starts_at": now - timedelta(minutes=1), "ends_at": now + timedelta(hours=2)}
    body = {"exam_id": exam_id, "seats": 1, **{name: at.isoformat() for name, at in window.items()}}
    slot = await post(house, author, "/api/reservations/slots", json=body)
    reservation = {"exam_id": exam_id, "slot_id": slot["slot_id"]}
    attempt_id = (await post(house, student, ATTEMPTS, json=reservation))["attempt_id"]
    for step in ("confirm", "check-in"):
        await post(house, student, f"{ATTEMPTS}/{attempt_id}/{step}")
    await post(house, student, f"{ATTEMPTS}/{attempt_id}/check-in/steps", json={"step": "browser"})
    await eventually(
        lambda: house.client.post(
            f"{ATTEMPTS}/{attempt_id}/start", headers=student.keyed("start-" + attempt_id)
        )
    )
    return str(attempt_id)


async def write(house: House, student: Someone, attempt_id: str) -> None:
    """Answer every question of the paper, the moment it has begun."""
    path = f"/api/corrections/attempts/{attempt_id}"
    paper = await house.client.get(f"{path}/paper", headers=student.headers)
    assert paper.status_code == 200, paper.text
    for question in paper.json()["sections"][0]["questions"]:
        now = utc_now().isoformat()
        draft = {"epoch": 1, "revision": 1, "value": ANSWERED[question["kind"]], "answered_at": now}
        where = f"{path}/answers/{question['question_id']}"
        saved = await eventually(lambda: house.client.put(where, json=draft, headers=student.headers))  # noqa: B023
        assert saved["standing"] == "counted"


async def test_an_exam_day(school: House) -> None:
    author, student = await school.person(Role.AUTHOR), await school.person(Role.STUDENT)
    grader, admin = await school.person(Role.GRADER), await school.person(Role.ADMIN)
    attempt_id = await begun(school, author, student, await published(school, author))
    await write(school, student, attempt_id)
    await post(school, student, f"{ATTEMPTS}/{attempt_id}/submit")

    queue = "/api/corrections/reviews?stage=open"
    while not (items := (await school.client.get(queue, headers=grader.headers)).json()["items"]):
        await asyncio.sleep(0.05)
    marks = [{"key": "answer", "earned": "1.5"}]
    review = f"/api/corrections/reviews/{items[0]['review_id']}"
    await post(school, grader, f"{review}/decide", json={"verdict": {"kind": "essay", "marks": marks}})

    path = f"/api/corrections/attempts/{attempt_id}/results"
    result = await eventually(lambda: school.client.get(path, headers=admin.headers))
    while result["passed"] is None:
        await asyncio.sleep(0.05)
        result = await eventually(lambda: school.client.get(path, headers=admin.headers))
    assert (result["earned"], result["percent"], result["passed"]) == ("3.500", "58.333", False)
    assert [item["earned"] for item in result["items"]] == ["2.000", "0.000", "1.500"]
    assert (await school.client.get(path, headers=student.headers)).status_code == 409
