"""Sittings through HTTP: how many, what the refusal says, and that seats are not hoarded."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

ATTEMPTS = "/api/reservations/attempts"


async def reserve(house: House, student: Someone, exam: Exam, slot: UUID, **more: Any) -> httpx.Response:
    body = {"exam_id": str(exam.exam_id), "slot_id": str(slot), **more}
    return await house.client.post(ATTEMPTS, json=body, headers=student.keyed())


async def handed_in(house: House, student: Someone, exam: Exam, slot: UUID, **columns: object) -> UUID:
    facts = {"submitted_at": house.clock(), "started_at": house.clock(), **columns}
    return await house.attempt(student.person_id, exam, slot, "submitted", **facts)


async def test_whoever_handed_in_is_refused_and_the_attempt_is_named(house: House) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    attempt_id = await handed_in(house, student, exam, slot)

    for wanted in (slot, await house.slot(exam)):
        refused = await reserve(house, student, exam, wanted, join_waiting_list=True)

        problem = refused.json()
        assert (refused.status_code, problem["type"]) == (409, "/problems/sittings_used_up")
        assert problem["attempt_id"] == str(attempt_id)
        assert (problem["exam_title"], problem["attempts_allowed"]) == ("Geography", 1)
        assert "you handed in “Geography” on 11 January 2027 at 09:00 UTC" in problem["detail"]
        assert str(exam.exam_id) not in problem["detail"]


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("no_show", "did not come to “Geography”"),
        ("voided", "was declared void"),
        ("terminated", "was stopped"),
    ],
)
async def test_what_was_not_handed_in_uses_a_sitting_up_too(house: House, phase: str, words: str) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    await house.attempt(student.person_id, exam, slot, phase)

    refused = await reserve(house, student, exam, slot)

    assert refused.json()["type"] == "/problems/sittings_used_up"
    assert words in refused.json()["detail"]


async def test_attempts_of_other_versions_and_other_students(house: House) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    older = exam.model_copy(update={"version": 7})
    await handed_in(house, student, older, slot)
    await handed_in(house, await house.person(Role.STUDENT), exam, slot)

    refused = await reserve(house, student, exam, slot)

    assert (refused.json()["type"], refused.json()["attempts_used"]) == ("/problems/sittings_used_up", 1)


async def test_a_refusal_speaks_of_the_exam_by_its_title(house: House) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    full, begun = await house.slot(exam, seats=0), await house.slot(exam, timedelta(hours=-1))
    key = f"{student.person_id}:{exam.exam_id}"
    waiting = await house.attempt(student.person_id, exam, slot, active_key=key)

    active = await reserve(house, student, exam, slot)
    other = await house.person(Role.STUDENT)
    refusals = [active, *[await reserve(house, other, exam, one) for one in (full, begun, new_id())]]

    assert [one.status_code for one in refusals] == [409, 409, 409, 404]
    assert active.json()["attempt_id"] == str(waiting)
    for one in refusals:
        assert "“Geography”" in one.json()["detail"]
        assert str(exam.exam_id) not in one.json()["detail"]
        assert str(slot) not in one.json()["detail"]


async def test_an_exam_says_how_many_and_which_counts(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    policy = {"attempts_allowed": 3, "counts": "last", "right_answers": "never"}
    made = await house.client.post(
        "/api/reservations/exams", json={"title": "Algebra", "policy": policy}, headers=author.keyed()
    )
    refused = await house.client.post(
        "/api/reservations/exams",
        json={"title": "Algebra", "policy": {"attempts_allowed": 0}},
        headers=author.keyed(),
    )

    assert {name: made.json()["policy"][name] for name in policy} == policy
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/policy/attempts_allowed"


@pytest.mark.temporal
async def test_reserving_and_cancelling_in_turn_comes_to_an_end(live: House) -> None:
    exam, student = await live.exam(), await live.person(Role.STUDENT)
    slot = await live.slot(exam, seats=1)
    answers = []
    for _ in range(5):
        answers.append(await reserve(live, student, exam, slot, join_waiting_list=True))
        if answers[-1].status_code == 201:
            path = f"{ATTEMPTS}/{answers[-1].json()['attempt_id']}/cancel"
            assert (await live.client.post(path, json={}, headers=student.keyed())).status_code == 200
    other = await reserve(live, await live.person(Role.STUDENT), exam, slot)

    assert [one.status_code for one in answers] == [201, 201, 201, 409, 409]
    assert answers[-1].json()["type"] == "/problems/too_many_holds"
    assert "“Geography”" in answers[-1].json()["detail"]
    assert other.status_code == 201
