"""Where an attempt's workflows stand in the Temporal UI: for operators, only those that Temporal knows."""

from urllib.parse import quote

import pytest

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House
from tests.api.test_attempt_flow import ATTEMPTS, NOW, check_in, done, reserved

pytestmark = pytest.mark.temporal


async def test_an_operator_sees_the_workflows_and_their_pages(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    attempt_id = await reserved(live, student)
    await check_in(live, student, attempt_id)

    answer = await live.client.get(f"{ATTEMPTS}/{attempt_id}/workflows", headers=admin.headers)

    assert answer.status_code == 200, answer.text
    first = answer.json()["items"][0]
    assert (first["kind"], first["workflow_id"]) == ("AttemptWorkflow", f"attempt:{attempt_id}")
    assert (first["status"], first["closed_at"]) == ("running", None)
    root = "http://localhost:8233/namespaces/proctorwise/workflows"
    assert first["url"] == f"{root}/{quote(f'attempt:{attempt_id}', safe='')}/{first['run_id']}/history"


async def test_what_has_closed_is_listed_with_its_end(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    attempt_id = await reserved(live, student)
    await done(live, student, attempt_id, "cancel")

    answer = await live.client.get(f"{ATTEMPTS}/{attempt_id}/workflows", headers=admin.headers)

    kinds = [one["kind"] for one in answer.json()["items"]]
    assert kinds[0] == "AttemptWorkflow"
    assert "MonitoringWorkflow" not in kinds
    assert "GradingWorkflow" not in kinds


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.REVIEWER, Role.AUTHOR, Role.STUDENT])
async def test_others_do_not_get_them(live: House, role: Role) -> None:
    student, someone = await live.person(Role.STUDENT), await live.person(role)
    exam = await live.exam()
    attempt_id = await live.attempt(student.person_id, exam, await live.slot(exam, NOW))

    answer = await live.client.get(f"{ATTEMPTS}/{attempt_id}/workflows", headers=someone.headers)

    assert answer.status_code == 403


async def test_an_attempt_of_nobody_and_one_without_workflows(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    exam = await live.exam()
    attempt_id = await live.attempt(student.person_id, exam, await live.slot(exam, NOW))

    unknown = await live.client.get(f"{ATTEMPTS}/{new_id()}/workflows", headers=admin.headers)
    bare = await live.client.get(f"{ATTEMPTS}/{attempt_id}/workflows", headers=admin.headers)

    assert unknown.status_code == 404
    assert bare.json() == {"items": []}
