"""Whose attempts and exams somebody sees: their own, those they look after, and nothing of other organisations."""

from datetime import timedelta
from uuid import UUID

import pytest

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

ATTEMPTS = "/api/reservations/attempts"


async def status_of(house: House, person: Someone, attempt_id: UUID, suffix: str = "") -> int:
    answer = await house.client.get(f"{ATTEMPTS}/{attempt_id}{suffix}", headers=person.headers)
    return answer.status_code


async def an_attempt(
    house: House, student: Someone, author_id: UUID | None = None, **columns: object
) -> UUID:
    exam = await house.exam(author_id=author_id)
    return await house.attempt(student.person_id, exam, await house.slot(exam), **columns)  # type: ignore[arg-type]


async def test_students_see_their_own_attempts_only(house: House) -> None:
    student, other = await house.person(Role.STUDENT), await house.person(Role.STUDENT)
    attempt_id = await an_attempt(house, student)

    assert await status_of(house, student, attempt_id) == 200
    assert await status_of(house, student, attempt_id, "/moves") == 200
    assert await status_of(house, other, attempt_id) == 404
    assert await status_of(house, other, attempt_id, "/moves") == 404
    mine = await house.client.get(f"{ATTEMPTS}/mine", headers=other.headers)
    assert mine.json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.PROCTOR, 200), (Role.REVIEWER, 200), (Role.ADMIN, 200), (Role.AUTHOR, 404), (Role.GRADER, 403)],
)
async def test_staff_see_what_they_look_after(house: House, role: Role, status: int) -> None:
    attempt_id = await an_attempt(house, await house.person(Role.STUDENT))

    assert await status_of(house, await house.person(role), attempt_id) == status


async def test_authors_see_attempts_at_their_own_exams(house: House) -> None:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    theirs = await an_attempt(house, student, author.person_id)
    await an_attempt(house, student)

    listed = await house.client.get(ATTEMPTS, headers=author.headers)

    assert await status_of(house, author, theirs) == 200
    assert await status_of(house, author, theirs, "/timeline") == 200
    assert [item["attempt_id"] for item in listed.json()["items"]] == [str(theirs)]


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.REVIEWER, Role.ADMIN])
async def test_other_organisations_are_not_there(house: House, role: Role) -> None:
    attempt_id = await an_attempt(house, await house.person(Role.STUDENT))
    stranger = await house.person(role, organisation_id=new_id())

    listed = await house.client.get(ATTEMPTS, headers=stranger.headers)

    assert await status_of(house, stranger, attempt_id) == 404
    assert listed.json()["items"] == []
    slots = await house.client.get("/api/reservations/slots", headers=stranger.headers)
    assert slots.json()["items"] == []


async def test_risk_is_for_staff(house: House) -> None:
    student, proctor = await house.person(Role.STUDENT), await house.person(Role.PROCTOR)
    attempt_id = await an_attempt(house, student, risk=28.0)

    own = await house.client.get(f"{ATTEMPTS}/{attempt_id}", headers=student.headers)
    watched = await house.client.get(f"{ATTEMPTS}/{attempt_id}", headers=proctor.headers)

    assert (own.json()["risk"], watched.json()["risk"]) == (None, 28.0)
    assert own.json()["possible"] == ["move", "cancel"]  # check-in opens later
    assert watched.json()["possible"] == ["extend"]


async def test_commands_of_others_roles_are_refused(house: House) -> None:
    student, proctor = await house.person(Role.STUDENT), await house.person(Role.PROCTOR)
    attempt_id = await an_attempt(house, student)

    by_student = await house.client.post(f"{ATTEMPTS}/{attempt_id}/admit", headers=student.keyed(), json={})
    by_proctor = await house.client.post(f"{ATTEMPTS}/{attempt_id}/confirm", headers=proctor.keyed(), json={})
    by_both = await house.client.post(
        f"{ATTEMPTS}/{attempt_id}/confirm",
        headers=(await house.person(Role.PROCTOR, Role.STUDENT)).keyed(),
        json={},
    )

    assert (by_student.status_code, by_proctor.status_code, by_both.status_code) == (403, 403, 403)
    assert "for student" in by_both.json()["detail"]


async def test_authors_make_slots_for_their_own_exams(house: House) -> None:
    author, other, admin = (
        await house.person(Role.AUTHOR),
        await house.person(Role.AUTHOR),
        await house.person(Role.ADMIN),
    )
    exam = await house.exam(author_id=author.person_id)
    starts_at = house.clock() + timedelta(days=1)
    body = {
        "exam_id": str(exam.exam_id),
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "seats": 5,
    }

    statuses = [
        (await house.client.post("/api/reservations/slots", json=body, headers=who.keyed())).status_code
        for who in (author, admin, other)
    ]

    assert statuses == [201, 201, 404]


async def test_people_are_listed_for_admins_and_proctors(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())

    listed = await house.client.get("/api/users/people?role=student", headers=admin.headers)
    searched = await house.client.get(
        f"/api/users/people?search={student.email[:20].upper()}", headers=admin.headers
    )
    elsewhere = await house.client.get(f"/api/users/people/{student.person_id}", headers=stranger.headers)

    assert [item["person_id"] for item in listed.json()["items"]] == [str(student.person_id)]
    assert [item["person_id"] for item in searched.json()["items"]] == [str(student.person_id)]
    assert elsewhere.status_code == 404


async def test_an_admin_keeps_the_role(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    path = f"/api/users/people/{admin.person_id}"

    without = await house.client.put(f"{path}/roles", json={"roles": ["student"]}, headers=admin.headers)
    disabled = await house.client.patch(path, json={"is_disabled": True}, headers=admin.headers)

    assert (without.status_code, disabled.status_code) == (409, 409)
