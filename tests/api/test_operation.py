"""One act on many attempts through HTTP: who may, of whom, and every acknowledgement."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import check_in, done, reserve

OPERATIONS = "/api/reservations/operations"
PATIENCE = 60.0


async def ask_many(house: House, person: Someone, key: str | None = None, **body: Any) -> httpx.Response:
    return await house.client.post(OPERATIONS, json=body, headers=person.keyed(key))


async def finished(house: House, person: Someone, operation_id: str) -> dict[str, Any]:
    """The operation once every attempt was asked."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await house.client.get(f"{OPERATIONS}/{operation_id}", headers=person.headers)
            shown: dict[str, Any] = answer.json()
            if shown["finished_at"]:
                return shown
            await asyncio.sleep(0.05)


async def waiting(house: House, exam: Exam, slot_id: Any) -> str:
    """Somebody who awaits admission."""
    student = await house.person(Role.STUDENT)
    answer = await reserve(house, student, exam, slot_id)
    attempt_id = str(answer.json()["attempt_id"])
    await check_in(house, student, attempt_id)
    return attempt_id


def pointer(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("pointer")


@pytest.mark.temporal
async def test_many_are_admitted_and_each_acknowledges(live: House) -> None:
    proctor = await live.person(Role.PROCTOR)
    exam = await live.exam()
    slot_id = await live.slot(exam, timedelta(seconds=-1))
    both = [await waiting(live, exam, slot_id) for _ in range(2)]

    admitted = await ask_many(live, proctor, verb="admit", slot_id=str(slot_id))
    shown = await finished(live, proctor, admitted.json()["operation_id"])
    paused = await ask_many(live, proctor, verb="pause", attempt_ids=both, reason="fire alarm")
    refused = await finished(live, proctor, paused.json()["operation_id"])

    assert admitted.status_code == 202
    assert (shown["total"], shown["done"], shown["waiting"]) == (2, 2, 0)
    assert [one["attempt_id"] for one in shown["acknowledgements"]["items"]] == both
    assert all(one["state"] == "done" and one["at"] for one in shown["acknowledgements"]["items"])
    assert (refused["done"], refused["refused"]) == (0, 2)
    first = refused["acknowledgements"]["items"][0]
    assert (first["state"], first["type"]) == ("refused", "illegal_move")
    assert "has been let in and has not begun; this cannot be done now" in first["why"]
    listed = await live.client.get(f"{OPERATIONS}?exam_id={exam.exam_id}", headers=proctor.headers)
    assert [one["verb"] for one in listed.json()["items"]] == ["pause", "admit"]


@pytest.mark.temporal
async def test_the_same_request_again_is_the_same_operation(live: House) -> None:
    proctor, student = await live.person(Role.PROCTOR), await live.person(Role.STUDENT)
    exam = await live.exam()
    attempt_id = (await reserve(live, student, exam, await live.slot(exam, timedelta(seconds=-1)))).json()[
        "attempt_id"
    ]
    await check_in(live, student, attempt_id)
    await done(live, proctor, attempt_id, "admit")
    started = await done(live, student, attempt_id, "start")
    key, body = str(new_id()), {"verb": "extend", "exam_id": str(exam.exam_id), "by": "PT10M"}

    answers = [await ask_many(live, proctor, key, **body) for _ in range(3)]
    shown = await finished(live, proctor, answers[0].json()["operation_id"])
    other = await ask_many(live, proctor, key, **{**body, "by": "PT20M"})

    assert len({answer.json()["operation_id"] for answer in answers}) == 1
    assert shown["done"] == 1
    detail = await live.client.get(
        f"/api/reservations/attempts/{attempt_id}?live=true", headers=proctor.headers
    )
    given = instant(detail.json()["live"]["deadline_at"]) - instant(started["deadline_at"])
    assert given == timedelta(minutes=10)
    assert other.status_code == 422


async def test_only_those_who_watch_may_ask(house: House) -> None:
    exam = await house.exam()
    student = await house.person(Role.STUDENT)
    attempt_id = await house.attempt(student.person_id, exam, await house.slot(exam), "in_progress")
    body: dict[str, Any] = {"verb": "pause", "attempt_ids": [str(attempt_id)], "reason": "fire alarm"}

    by_role = {
        role: (await ask_many(house, await house.person(role), **body)).status_code
        for role in (Role.STUDENT, Role.GRADER, Role.REVIEWER, Role.AUTHOR, Role.ADMIN)
    }
    stranger = await house.person(Role.PROCTOR, organisation_id=new_id())
    elsewhere = await ask_many(house, stranger, **body)
    own = await house.person(Role.PROCTOR, Role.STUDENT)
    mine = await house.attempt(own.person_id, exam, await house.slot(exam), "in_progress")
    of_own = await ask_many(house, own, **{**body, "attempt_ids": [str(attempt_id), str(mine)]})

    assert set(by_role.values()) == {403}  # pausing is the proctors'
    assert pointer(elsewhere) == (404, "/attempt_ids/0")
    assert pointer(of_own) == (403, "/attempt_ids/1")


async def test_what_is_missing_is_named(house: House) -> None:
    proctor, student = await house.person(Role.PROCTOR), await house.person(Role.STUDENT)
    exam, other = await house.exam(), await house.exam()
    slot_id = await house.slot(exam)
    one = str(await house.attempt(student.person_id, exam, slot_id, "in_progress"))
    two = str(await house.attempt(student.person_id, other, await house.slot(other), "in_progress"))

    found = {
        "time": pointer(await ask_many(house, proctor, verb="extend", attempt_ids=[one])),
        "reason": pointer(await ask_many(house, proctor, verb="pause", attempt_ids=[one])),
        "step": pointer(await ask_many(house, proctor, verb="send_back", attempt_ids=[one], reason="dark")),
        "target": pointer(await ask_many(house, proctor, verb="resume")),
        "targets": pointer(
            await ask_many(house, proctor, verb="resume", attempt_ids=[one], slot_id=str(slot_id))
        ),
        "exam": pointer(await ask_many(house, proctor, verb="resume", attempt_ids=[one, two])),
        "unknown": pointer(await ask_many(house, proctor, verb="resume", attempt_ids=[one, str(new_id())])),
        "nobody": pointer(await ask_many(house, proctor, verb="resume", slot_id=str(slot_id))),
    }

    assert found == {
        "time": (422, "/by"),
        "reason": (422, "/reason"),
        "step": (422, "/step"),
        "target": (422, "/attempt_ids"),
        "targets": (422, "/slot_id"),
        "exam": (422, "/attempt_ids/1"),
        "unknown": (404, "/attempt_ids/1"),
        "nobody": (409, None),
    }


async def test_an_operation_is_for_those_who_oversee_and_its_organisation(house: House) -> None:
    path = f"{OPERATIONS}/{new_id()}"

    unknown = await house.client.get(path, headers=(await house.person(Role.ADMIN)).headers)
    student = await house.client.get(path, headers=(await house.person(Role.STUDENT)).headers)

    assert (unknown.status_code, student.status_code) == (404, 403)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
