"""Name and number are frozen when a student comes in: renaming oneself later changes no wall, record or result."""

from typing import Any
from uuid import UUID

import pytest

from activities.adapters.sql.dossier import SqlDossierSource
from schema.role import Role
from schema.settings import Part
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import check_in, done, reserved
from tests.api.test_standing import served

pytestmark = pytest.mark.temporal


async def rename(house: House, person: Someone, name: str, number: str) -> None:
    change = {"display_name": name, "student_number": number}
    answer = await house.client.patch("/api/users/me", json=change, headers=person.headers)
    assert answer.status_code == 200, answer.text


async def test_a_new_name_changes_nothing_of_an_attempt_that_came_in(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    await rename(live, student, "Ada Lovelace", "1815")
    attempt_id = await reserved(live, student)
    await rename(live, student, "Ada King", "1816")  # before the door: counts
    await check_in(live, student, attempt_id)
    await rename(live, student, "Somebody Else", "9999")

    async with served(live, *Part) as (_, client):

        async def get(path: str, **query: Any) -> Any:
            answer = await client.get(f"/api/{path}", params=query, headers=admin.headers)
            assert answer.status_code == 200, answer.text
            return answer

        record = (await get(f"reservations/attempts/{attempt_id}/record")).json()["attempt"]
        by_old = (await get("reservations/attempts/search", q="king")).json()["items"]
        by_number = (await get("reservations/attempts/search", q="1816")).json()["items"]
        wall = (await get("monitoring/wall", exam_id=record["exam_id"])).json()["items"]
        csv = (await get(f"analytics/exams/{record['exam_id']}/results.csv")).text
    dossier = await SqlDossierSource(live.context.databases).dossier(UUID(attempt_id))

    assert (record["student_name"], record["student_number"]) == ("Ada King", "1816")
    assert [tile["student_name"] for tile in wall] == ["Ada King"]
    assert len(by_old) == len(by_number) == 1
    assert "Ada King" in csv
    assert "Somebody Else" not in csv
    assert (dossier.student_name, dossier.student_number) == ("Ada King", "1816")


async def test_before_the_door_the_present_name_is_shown(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    attempt_id = await reserved(live, student)
    await done(live, student, attempt_id, "confirm")

    await rename(live, student, "Ada King", "1816")
    path = f"/api/reservations/attempts/{attempt_id}/record"
    record = (await live.client.get(path, headers=admin.headers)).json()["attempt"]

    assert (record["student_name"], record["student_number"]) == ("Ada King", "1816")
