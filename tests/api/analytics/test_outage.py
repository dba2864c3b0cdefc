"""The report of outages: per attempt what was lost and given back, for those who may know, and as CSV."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.context import utc_now
from schema.db.tables.outage import OutageRow, OwedTime, ServiceMarkRow
from schema.db.tables.reservations import AttemptRow
from schema.exam import Exam
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from tests.api.analytics.test_gauge import told
from tests.api.house import House

SECOND = timedelta(seconds=1)


async def attempt_of(house: House, exam: Exam, student_id: UUID) -> UUID:
    now, attempt_id = house.clock(), new_id()
    row = AttemptRow(
        attempt_id=attempt_id, organisation_id=DEFAULT_ORGANISATION, exam_id=exam.exam_id, exam_version=1,
        student_id=student_id, slot_id=new_id(), seed=1, phase="in_progress", marking="pending",
        integrity="undetermined", release="withheld", version=3, hold_until=now, checks_done={},
        created_at=now, updated_at=now,
    )  # fmt: skip
    async with house.context.databases.reservations.write() as session:
        session.add(row)
    return attempt_id


async def lost(house: House, attempt_id: UUID, exam: Exam, second: int, **changes: Any) -> None:
    began = house.clock() + second * SECOND
    facts: dict[str, Any] = {
        "attempt_id": attempt_id, "exam_id": exam.exam_id, "began_at": began, "ended_at": began + 30 * SECOND,
        "cause": "process, database", "state": "given", "lost_seconds": 30, "added_seconds": 30, "why_less": "",
        "recorded_at": began, "decided_at": began,
    }  # fmt: skip
    async with house.context.databases.reservations.write() as session:
        session.add(OwedTime(**{**facts, **changes}))


async def test_a_report_says_who_lost_and_got_how_much(house: House) -> None:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    exam = await house.exam(author.person_id)
    attempt_id = await attempt_of(house, exam, student.person_id)
    await lost(house, attempt_id, exam, 0)
    await lost(house, attempt_id, exam, 60, added_seconds=0, state="refused", why_less="handed in")
    url = f"/api/analytics/exams/{exam.exam_id}/outages"

    answer = await house.client.get(url, headers=author.headers)
    table = await house.client.get(f"{url}.csv", headers=author.headers)
    readers = {
        role: (await house.client.get(url, headers=(await house.person(role)).headers)).status_code
        for role in (Role.ADMIN, Role.PROCTOR, Role.AUTHOR, Role.STUDENT, Role.GRADER)
    }

    report = answer.json()
    (one,) = report["attempts"]
    assert (report["lost_seconds"], report["added_seconds"]) == (60, 30)
    assert (one["attempt_id"], one["student"]) == (str(attempt_id), "Somebody")
    assert [silence["why_less"] for silence in one["silences"]] == ["", "handed in"]
    lines = list(csv.DictReader(io.StringIO(table.text)))
    assert [(line["lost_seconds"], line["added_seconds"], line["state"]) for line in lines] == [
        ("30", "30", "given"), ("30", "0", "refused"),
    ]  # fmt: skip
    assert readers == {
        Role.ADMIN: 200, Role.PROCTOR: 200, Role.AUTHOR: 403, Role.STUDENT: 403, Role.GRADER: 403,
    }  # fmt: skip


async def test_operators_see_who_serves_and_what_is_owed(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    exam = await house.exam()
    now = utc_now()
    async with house.context.databases.reservations.write() as session:
        for node, ago in (("here", 0), ("away", 60)):
            mark = ServiceMarkRow(component="answers", node_id=node, first_at=now, last_at=now - ago * SECOND)
            session.add(mark)
        session.add(
            OutageRow(
                outage_id=new_id(), component="lifecycle", node_id="here", cause="temporal",
                began_at=now - 90 * SECOND, ended_at=now - 30 * SECOND,
            )
        )  # fmt: skip
    await lost(house, new_id(), exam, 0, state="waiting")

    state = (await house.client.get("/api/analytics/system", headers=admin.headers)).json()["service"]
    gauges = await told(house)

    assert [(one["node_id"], one["serves"]) for one in state["nodes"]] == [("away", False), ("here", True)]
    assert [one["cause"] for one in state["outages"]] == ["temporal"]
    assert state["waiting"] == 1
    assert gauges["service_serving", ("answers", "away")] == 0
    assert gauges["outages_last_day_seconds", ("lifecycle",)] == 60
    assert gauges["owed_time_waiting", ()] == 1
