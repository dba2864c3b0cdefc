"""Timelines, reports, result lists and freshness: what they say and to whom."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from uuid import UUID

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.password import Passwords
from schema import archive
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.db.tables.corrections import MarkingRound
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow, ReservationsOutbox
from schema.exam import Exam
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.house import House, MovableClock, Someone

ATTEMPTS = "/api/analytics/attempts"


@pytest.fixture
def app(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    parts = frozenset({Part.ANALYTICS})
    return create_app(settings, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock)


class Sitting:
    """A student's attempt at an exam of an author."""

    def __init__(self, house: House, author: Someone, student: Someone, exam: Exam, attempt_id: UUID) -> None:
        self.house, self.author, self.student, self.exam = house, author, student, exam
        self.attempt_id = attempt_id

    async def event(self, topic: str, sequence: int, at: datetime, source: str = "reservations") -> None:
        row = TimelineEvent(
            event_id=new_id(), attempt_id=self.attempt_id, exam_id=self.exam.exam_id,
            student_id=self.student.person_id, organisation_id=DEFAULT_ORGANISATION, topic=topic, source=source,
            sequence=sequence, occurred_at=at, relayed_at=at + timedelta(seconds=2), data={"n": sequence},
        )  # fmt: skip
        async with self.house.context.databases.analytics.write() as session:
            session.add(row)

    async def marked(self, round_number: int, earned: str, at: datetime) -> None:
        row = MarkingRound(
            attempt_id=self.attempt_id, round_number=round_number, earned=Decimal(earned), points=Decimal("3"),
            percent=Decimal(earned) / 3 * 100, passed=True, created_at=at, completed_at=at,
        )  # fmt: skip
        async with self.house.context.databases.corrections.write() as session:
            session.add(row)

    async def incident(self, severity: str) -> None:
        row = IncidentRow(
            incident_id=new_id(), attempt_id=self.attempt_id, kind="paste", severity=severity, opening_offset=1,
            started_at=self.house.clock(), confidence=1.0, rule="r", model="m", created_at=self.house.clock(),
        )  # fmt: skip
        async with self.house.context.databases.monitoring.write() as session:
            session.add(row)


async def sitting(house: House, **columns: object) -> Sitting:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    exam = await house.exam(author.person_id)
    attempt_id = await house.attempt(student.person_id, exam, await house.slot(exam), **columns)  # type: ignore[arg-type]
    return Sitting(house, author, student, exam, attempt_id)


async def test_the_timeline_is_in_order_and_comes_in_pages(house: House) -> None:
    sat = await sitting(house)
    proctor = await house.person(Role.PROCTOR)
    now = house.clock()
    await sat.event("attempt_changed", 3, now)
    await sat.event("attempt_changed", 2, now)
    await sat.event("monitoring_started", 1, now, "monitoring")
    await sat.event("exam_scheduled", 1, now - timedelta(days=1))
    url = f"{ATTEMPTS}/{sat.attempt_id}/timeline"

    first = (await house.client.get(f"{url}?limit=3", headers=proctor.headers)).json()
    cursor = {"cursor": first["next_cursor"]}
    second = (await house.client.get(url, params=cursor, headers=proctor.headers)).json()

    seen = [(item["source"], item["sequence"]) for item in [*first["items"], *second["items"]]]
    assert seen == [("reservations", 1), ("monitoring", 1), ("reservations", 2), ("reservations", 3)]
    assert second["next_cursor"] is None
    assert first["items"][0]["data"] == {"n": 1}


@pytest.mark.parametrize(
    ("role", "timeline", "report"),
    [
        (Role.ADMIN, 200, 200),
        (Role.REVIEWER, 200, 200),
        (Role.PROCTOR, 200, 404),
        (Role.GRADER, 404, 404),
        (Role.AUTHOR, 404, 404),
        (Role.STUDENT, 404, 404),
    ],
)
async def test_who_reads_of_an_attempt(house: House, role: Role, timeline: int, report: int) -> None:
    sat = await sitting(house, report_name="archive/2027/01/x/report.pdf", release="released")
    await house.context.store.put("archive/2027/01/x/report.pdf", b"%PDF-1.4")
    reader = await house.person(role)

    for path, status in (("timeline", timeline), ("report", report)):
        answer = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/{path}", headers=reader.headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("release", "status"),
    [
        ("withheld", 403),
        ("released", 200),
        ("appealed", 200),
        ("final", 200),
        ("archived", 200),
        ("purged", 404),
    ],
)
async def test_a_student_reads_of_their_own_once_released(house: House, release: str, status: int) -> None:
    name = "archive/2027/01/x/report.pdf"
    sat = await sitting(house, report_name=name, release=release, phase="submitted")
    for one in (name, archive.report_without_answers(name)):
        await house.context.store.put(one, b"%PDF-1.4")

    for path in ("timeline", "report"):
        answer = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/{path}", headers=sat.student.headers)
        assert answer.status_code == status


async def test_another_organisation_knows_nothing_of_it(house: House) -> None:
    sat = await sitting(house)
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())

    for url in (
        f"{ATTEMPTS}/{sat.attempt_id}/timeline",
        f"/api/analytics/exams/{sat.exam.exam_id}/results.csv",
    ):
        assert (await house.client.get(url, headers=stranger.headers)).status_code == 404


async def test_a_student_who_must_not_read_right_answers_gets_the_report_without_them(house: House) -> None:
    name = "archive/2027/01/x/report.pdf"
    sat = await sitting(house, report_name=name, release="archived", phase="submitted")
    await house.context.store.put(name, b"%PDF-1.4 Right: yellow")
    path = f"{ATTEMPTS}/{sat.attempt_id}/report"

    older = await house.client.get(path, headers=sat.student.headers)
    await house.context.store.put(archive.report_without_answers(name), b"%PDF-1.4 without")
    own = await house.client.get(path, headers=sat.student.headers)
    everything = await house.with_roles(sat.student, *Role)
    own_as_staff = await house.client.get(path, headers=everything.headers)
    by_admin = await house.client.get(path, headers=(await house.person(Role.ADMIN)).headers)

    assert older.status_code == 409
    assert "“Geography” shows right answers" in older.json()["detail"]
    assert own.content == own_as_staff.content == b"%PDF-1.4 without"
    assert by_admin.content == b"%PDF-1.4 Right: yellow"


async def test_the_report_is_a_download_that_nobody_caches(house: House) -> None:
    sat = await sitting(house, report_name="archive/2027/01/x/report.pdf")
    await house.context.store.put("archive/2027/01/x/report.pdf", b"%PDF-1.4 report")
    admin = await house.person(Role.ADMIN)

    answer = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/report", headers=admin.headers)

    assert answer.content == b"%PDF-1.4 report"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="report-{sat.attempt_id}.pdf"'
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["", "archive/2027/01/gone/report.pdf"])
async def test_a_report_that_is_not_there_is_not_found(house: House, name: str) -> None:
    sat = await sitting(house, report_name=name)
    admin = await house.person(Role.ADMIN)

    answer = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/report", headers=admin.headers)

    assert answer.status_code == 404


async def test_results_are_exact_and_of_the_newest_round(house: House) -> None:
    sat = await sitting(house, phase="submitted", integrity="cleared", release="released")
    other = await house.attempt(new_id(), sat.exam, await house.slot(sat.exam), "no_show")
    now = house.clock()
    await sat.marked(1, "1.50", now)
    await sat.marked(2, "2.25", now)
    for severity in ("technical", "high", "low"):
        await sat.incident(severity)

    url = f"/api/analytics/exams/{sat.exam.exam_id}/results.csv"
    answer = await house.client.get(url, headers=sat.author.headers)

    lines = {line["attempt_id"]: line for line in csv.DictReader(StringIO(answer.text, newline=""))}
    mine, theirs = lines[str(sat.attempt_id)], lines[str(other)]
    assert (mine["round_number"], mine["earned"], mine["points"], mine["passed"]) == (
        "2",
        "2.25",
        "3",
        "true",
    )
    assert (mine["incidents"], mine["integrity"], mine["release"]) == ("2", "cleared", "released")
    assert (theirs["phase"], theirs["earned"], theirs["student_name"]) == ("no_show", "", "")
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")


async def test_results_are_for_the_author_and_admins(house: House) -> None:
    sat = await sitting(house)
    url = f"/api/analytics/exams/{sat.exam.exam_id}/results.csv"
    statuses = {}
    for role in Role:
        reader = await house.person(role)
        statuses[role] = (await house.client.get(url, headers=reader.headers)).status_code

    assert statuses == {role: 200 if role is Role.ADMIN else 403 for role in Role}
    assert (await house.client.get(url, headers=sat.author.headers)).status_code == 200


async def test_freshness_says_what_waits(house: House) -> None:
    proctor = await house.person(Role.PROCTOR)
    before = (await house.client.get("/api/analytics/freshness", headers=proctor.headers)).json()
    sat = await sitting(house)
    now = house.clock()
    await sat.event("attempt_changed", 1, now)
    for sequence, published_at in ((1, now), (2, None), (3, None)):
        row = ReservationsOutbox(
            event_id=new_id(), topic="attempt_changed", attempt_id=sat.attempt_id, sequence=sequence, envelope="{}",
            created_at=now + timedelta(seconds=sequence), published_at=published_at,
        )  # fmt: skip
        async with house.context.databases.reservations.write() as session:
            session.add(row)

    after = (await house.client.get("/api/analytics/freshness", headers=proctor.headers)).json()

    assert before["last_relayed_at"] is None
    assert before["jobs"][0] == {
        "job": "daily_anomaly_aggregation", "period_start": None, "computed_at": None,
    }  # fmt: skip
    assert [one["waiting"] for one in before["backlog"]] == [0, 0, 0]
    assert after["last_relayed_at"] == "2027-01-11T09:00:02Z"
    assert after["backlog"][0] == {
        "source": "reservations",
        "waiting": 2,
        "oldest_at": "2027-01-11T09:00:02Z",
    }


async def test_freshness_is_for_staff(house: House) -> None:
    student = await house.person(Role.STUDENT)

    assert (await house.client.get("/api/analytics/freshness", headers=student.headers)).status_code == 403


async def test_admins_see_what_is_archived(house: House) -> None:
    sat = await sitting(house)
    ended_at = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
    report = archive.report_name(sat.attempt_id, ended_at)
    async with house.context.databases.reservations.write() as session:
        (await session.get_one(AttemptRow, sat.attempt_id)).report_name = report
    for name in (report, archive.results_name(sat.attempt_id, ended_at), "archive/2027/01/other/report.pdf"):
        await house.context.store.put(name, b"12345")
    admin, proctor = await house.person(Role.ADMIN), await house.person(Role.PROCTOR)

    answer = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/archive", headers=admin.headers)
    refused = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/archive", headers=proctor.headers)

    assert answer.json() == [
        {"name": report, "size": 5},
        {"name": archive.results_name(sat.attempt_id, ended_at), "size": 5},
    ]
    assert refused.status_code == 403


async def test_before_the_end_nothing_is_archived(house: House) -> None:
    sat = await sitting(house, report_name="")
    admin = await house.person(Role.ADMIN)

    answer = await house.client.get(f"{ATTEMPTS}/{sat.attempt_id}/archive", headers=admin.headers)

    assert answer.json() == []


async def test_a_students_timeline_does_not_tell_what_each_question_earned(house: House) -> None:
    sat = await sitting(house, release="released", phase="submitted")
    row = TimelineEvent(
        event_id=new_id(), attempt_id=sat.attempt_id, exam_id=sat.exam.exam_id, student_id=sat.student.person_id,
        organisation_id=DEFAULT_ORGANISATION, topic="grading_completed", source="corrections", sequence=1,
        occurred_at=house.clock(), relayed_at=house.clock(), data={"percent": "50", "items": [{"earned": "1"}]},
    )  # fmt: skip
    async with house.context.databases.analytics.write() as session:
        session.add(row)
    path = f"{ATTEMPTS}/{sat.attempt_id}/timeline"

    own = await house.client.get(path, headers=sat.student.headers)
    staff = await house.client.get(path, headers=(await house.person(Role.ADMIN)).headers)

    assert own.json()["items"][0]["data"] == {"percent": "50"}
    assert "items" in staff.json()["items"][0]["data"]


async def test_an_exams_results_say_which_sitting_counts(house: House) -> None:
    sat = await sitting(house, phase="submitted")
    await sat.marked(1, "1", house.clock())
    house.clock.move(timedelta(seconds=1))
    slot = await house.slot(sat.exam)
    second = await house.attempt(sat.student.person_id, sat.exam, slot, "submitted")
    better = Sitting(house, sat.author, sat.student, sat.exam, second)
    await better.marked(1, "3", house.clock())
    path = f"/api/analytics/exams/{sat.exam.exam_id}/results.csv"

    answer = await house.client.get(path, headers=sat.author.headers)

    lines = {line["attempt_id"]: line["counts"] for line in csv.DictReader(StringIO(answer.text))}
    assert lines == {str(sat.attempt_id): "false", str(second): "true"}
