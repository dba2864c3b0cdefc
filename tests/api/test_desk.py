"""What needs people now, by role: numbers of slots for proctors, exams for authors, attempts for admins."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.password import Passwords
from schema.db.session import Databases
from schema.db.tables.monitoring import ConversationRow
from schema.db.tables.reservations import ExamRow
from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.house import House, MovableClock, Someone
from tests.api.test_search import noticed

AUTHOR, ADMIN, PROCTOR = (
    "/api/reservations/desk/author",
    "/api/reservations/desk/admin",
    "/api/monitoring/desk",
)


@pytest.fixture
def app(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    parts = frozenset({Part.USERS, Part.RESERVATIONS, Part.MONITORING})
    return create_app(settings, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock)


async def desk(house: House, who: Someone, path: str) -> dict[str, Any]:
    answer = await house.client.get(path, headers=who.headers)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def withdraw(house: House, exam: Exam) -> None:
    async with house.context.databases.reservations.write() as session:
        (await session.get_one(ExamRow, exam.exam_id)).is_published = False


async def test_proctors_see_who_waits_and_what_nobody_saw(house: House) -> None:
    proctor, exam = await house.person(Role.PROCTOR), await house.exam()
    now, later = await house.slot(exam, timedelta(minutes=-5)), await house.slot(exam, timedelta(hours=5))
    await house.slot(exam, timedelta(hours=-3))  # over
    for phase in ("reserved", "awaiting_admission", "awaiting_admission", "paused", "submitted"):
        await house.attempt(new_id(), exam, now, phase)
    writing = await house.attempt(new_id(), exam, now, "in_progress")
    over = await house.attempt(new_id(), exam, now, "voided")
    for attempt_id, severity in ((writing, "critical"), (writing, "high"), (over, "critical")):
        await noticed(house, attempt_id, severity)
    async with house.context.databases.monitoring.write() as session:
        session.add(ConversationRow(attempt_id=writing, version=1, hand_raised_at=house.clock()))

    first, second = (await desk(house, proctor, PROCTOR))["slots"]

    assert (first["slot_id"], second["slot_id"]) == (str(now), str(later))
    assert [first[name] for name in ("booked", "waiting", "writing", "hands", "unseen")] == [5, 2, 2, 1, 1]
    assert [second[name] for name in ("booked", "waiting", "writing", "hands", "unseen")] == [0] * 5


async def test_authors_see_what_their_exams_lack(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    await house.exam()  # somebody else's
    draft, late, bare, fine, over = [await house.exam(author_id=author.person_id) for _ in range(5)]
    await withdraw(house, draft)
    await withdraw(house, late)
    await house.slot(late)
    await house.slot(fine, timedelta(days=2))
    await house.slot(fine, timedelta(days=9))
    await house.slot(over, timedelta(days=-2))

    shown = (await desk(house, author, AUTHOR))["exams"]

    assert [(one["exam_id"], one["need"]) for one in shown] == [
        (str(late.exam_id), "publication"),
        (str(bare.exam_id), "slot"),
        (str(draft.exam_id), "finishing"),
        (str(fine.exam_id), "nothing"),
    ]
    assert shown[3]["starts_at"] == (house.clock() + timedelta(days=2)).isoformat().replace("+00:00", "Z")


async def test_admins_see_what_waits_for_them(house: House) -> None:
    admin, exam = await house.person(Role.ADMIN), await house.exam()
    slot_id = await house.slot(exam)
    marked = {"phase": "submitted", "marking": "marked"}
    for columns in (
        {"is_on_hold": True},
        {"phase": "awaiting_admission", "admission_escalated": True},
        {"phase": "awaiting_admission"},
        {"phase": "terminated"},
        {**marked, "integrity": "cleared"},
        {**marked, "integrity": "pending"},
        {**marked, "integrity": "none", "release": "released"},
    ):
        await house.attempt(new_id(), exam, slot_id, **columns)

    assert await desk(house, admin, ADMIN) == {"on_hold": 1, "escalated": 1, "stopped": 1, "unreleased": 1}
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())
    assert set((await desk(house, stranger, ADMIN)).values()) == {0}
    assert (await desk(house, stranger, PROCTOR)) == {"slots": []}


@pytest.mark.parametrize(
    ("path", "roles"),
    [(AUTHOR, {Role.AUTHOR}), (ADMIN, {Role.ADMIN}), (PROCTOR, {Role.PROCTOR, Role.ADMIN})],
)
async def test_each_desk_is_for_its_role(house: House, path: str, roles: set[Role]) -> None:
    answers = {
        role: (await house.client.get(path, headers=(await house.person(role)).headers)).status_code
        for role in Role
    }

    assert {role for role, status in answers.items() if status == 200} == roles
    assert set(answers.values()) == {200, 403}
