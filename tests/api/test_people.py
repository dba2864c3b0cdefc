"""People for admins: finding them, extra time with its reasons, cohorts, and what others may not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

PEOPLE = "/api/users/people"


async def listed(house: House, admin: Someone, **filters: str) -> list[str]:
    answer = await house.client.get(PEOPLE, params=filters, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    return [person["email"] for person in answer.json()["items"]]


async def give(house: House, admin: Someone, person: Someone, factor: str, reason: str) -> httpx.Response:
    body = {"duration_factor": factor, "reason": reason}
    path = f"{PEOPLE}/{person.person_id}/extra-time"
    return await house.client.put(path, json=body, headers=admin.headers)


async def entries(house: House, admin: Someone, person: Someone) -> list[dict[str, Any]]:
    answer = await house.client.get(f"{PEOPLE}/{person.person_id}/extra-time", headers=admin.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_extra_time_is_kept_with_who_set_it_when_and_why(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await house.person(Role.STUDENT)

    first = await give(house, admin, student, "1.25", "Decision of 12 November")
    house.clock.move(timedelta(minutes=5))
    await give(house, admin, student, "1.5", "A new decision")
    again = await give(house, admin, student, "1.50", "Said twice")

    assert (first.status_code, first.json()["duration_factor"]) == (200, "1.25")
    assert again.json()["duration_factor"] == "1.5"
    newest, oldest = await entries(house, admin, student)
    assert (newest["duration_factor"], newest["reason"]) == ("1.5", "A new decision")
    assert newest["set_by"] == str(admin.person_id)
    assert newest["set_by_name"] == "Somebody"
    assert newest["set_at"] > oldest["set_at"]


@pytest.mark.parametrize(
    ("factor", "reason", "pointer"),
    [("0.5", "Why", "/duration_factor"), ("9", "Why", "/duration_factor"), ("1.25", "  ", "/reason")],
)
async def test_extra_time_that_makes_no_sense_is_refused(
    house: House, factor: str, reason: str, pointer: str
) -> None:
    admin, student = await house.person(Role.ADMIN), await house.person(Role.STUDENT)

    answer = await give(house, admin, student, factor, reason)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert await entries(house, admin, student) == []


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.STUDENT, Role.AUTHOR])
async def test_reasons_are_for_admins_of_the_same_organisation(house: House, role: Role) -> None:
    student, other = await house.person(Role.STUDENT), await house.person(role)
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())
    path = f"{PEOPLE}/{student.person_id}/extra-time"

    assert (await house.client.get(path, headers=other.headers)).status_code == 403
    assert (await give(house, other, student, "2", "Mine")).status_code == 403
    assert (await house.client.get(path, headers=stranger.headers)).status_code == 404
    assert (await give(house, stranger, student, "2", "Mine")).status_code == 404


async def test_people_are_found_by_role_standing_and_extra_time(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    plain, slow, gone = [await house.person(Role.STUDENT) for _ in range(3)]
    await give(house, admin, slow, "1.25", "A decision")
    path = f"{PEOPLE}/{gone.person_id}"
    await house.client.patch(path, json={"is_disabled": True}, headers=admin.headers)

    students = await listed(house, admin, role="student")

    assert set(students) == {plain.email, slow.email, gone.email}
    assert await listed(house, admin, extra_time="true") == [slow.email]
    assert await listed(house, admin, standing="disabled") == [gone.email]
    assert await listed(house, admin, standing="unconfirmed") == []
    assert set(await listed(house, admin, standing="confirmed", extra_time="false", role="student")) == {
        plain.email
    }
    assert await listed(house, admin, search=slow.email.upper()[:12]) == [slow.email]


async def test_a_cohort_is_named_once_whatever_its_capitals(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    one, two = await house.person(Role.STUDENT), await house.person(Role.STUDENT)

    async def put_into(person: Someone, cohort: str) -> dict[str, Any]:
        path = f"{PEOPLE}/{person.person_id}"
        answer = await house.client.patch(path, json={"cohort": cohort}, headers=admin.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    first = await put_into(one, "Physics 2027")
    second = await put_into(two, " physics 2027 ")
    left = await put_into(one, "")

    assert first["cohort"] == second["cohort"] == "Physics 2027"
    assert first["cohort_id"] == second["cohort_id"]
    assert (left["cohort"], left["cohort_id"]) == (None, None)


async def test_who_is_disabled_is_signed_out_and_may_be_let_in_again(house: House) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    path = f"{PEOPLE}/{person.person_id}"
    login = {"email": person.email, "password": "correct horse battery"}

    await house.client.patch(path, json={"is_disabled": True}, headers=admin.headers)
    refused = await house.client.post("/api/users/sessions", json=login)
    await house.client.patch(path, json={"is_disabled": False}, headers=admin.headers)
    welcome = await house.client.post("/api/users/sessions", json=login)
    myself = await house.client.patch(
        f"{PEOPLE}/{admin.person_id}", json={"is_disabled": True}, headers=admin.headers
    )

    assert (refused.status_code, welcome.status_code, myself.status_code) == (401, 201, 409)
