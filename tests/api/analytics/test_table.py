"""Figures as CSV: exact, with a line for what is not computed, and nothing a spreadsheet would run."""

import csv
from datetime import date, timedelta
from io import StringIO

import httpx
import pytest
from sqlalchemy import insert

from schema.db.tables.analytics import AnomalyDay
from schema.incident import Severity
from schema.period import Job
from schema.role import Role
from tests.api.analytics.jobs import Results, at
from tests.api.analytics.term import NOT_COMPUTED, QUERY, TITLE, Term, term
from tests.api.house import House, Someone


@pytest.fixture
async def filled(house: House, results: Results) -> Term:
    return await term(house, results)


async def download(house: House, path: str, me: Someone, **query: str) -> httpx.Response:
    return await house.client.get(f"/api/analytics/{path}", params={**QUERY, **query}, headers=me.headers)


async def lines(house: House, path: str, me: Someone, **query: str) -> list[dict[str, str]]:
    answer = await download(house, path, me, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(StringIO(answer.text, newline="")))


async def test_weeks_are_exact_and_one_is_not_computed(house: House, filled: Term) -> None:
    weeks = await lines(house, f"exams/{filled.exam.exam_id}/report.csv", filled.author)

    assert [(week["state"], week["mean_percent"]) for week in weeks] == [
        ("computed", "58.25"), ("computed", "63.5"), ("computed", "61.0"), ("not_computed", ""), ("computed", "71.5"),
    ]  # fmt: skip
    assert weeks[0]["pass_rate"] == repr(7 / 12)
    assert weeks[0]["computed_at"] == "2026-12-06T02:00:00+00:00"
    assert (weeks[3]["period_start"], weeks[3]["attempts"], weeks[3]["computed_at"]) == (
        str(NOT_COMPUTED),
        "",
        "",
    )


async def test_a_computed_week_without_attempts_has_none(house: House, filled: Term) -> None:
    weeks = await lines(house, f"exams/{filled.other.exam_id}/report.csv", filled.author)

    assert [(week["state"], week["attempts"]) for week in weeks] == [
        ("computed", "0"), ("computed", "9"), ("computed", "0"), ("not_computed", ""), ("computed", "0"),
    ]  # fmt: skip


async def test_no_title_and_no_question_runs_as_a_formula(house: House, filled: Term) -> None:
    path = f"exams/{filled.exam.exam_id}/report.csv"

    weeks = await lines(house, path, filled.author)
    items = await lines(house, path, filled.author, table="items")
    incidents = await lines(house, path, filled.author, table="incidents")

    assert {week["exam"] for week in weeks} == {f"'{TITLE}", ""}
    assert {item["question"][:3] for item in items} == {"Mit", "'-2", "Exp", "Κύτ", "'@h"}
    assert {line["exam"] for line in incidents} == {f"'{TITLE}", ""}
    assert min(float(item["discrimination"]) for item in items) == pytest.approx(-0.15)


async def test_scores_and_items_by_week(house: House, filled: Term) -> None:
    path = f"exams/{filled.exam.exam_id}/report.csv"

    scores = await lines(house, path, filled.author, table="scores")
    items = await lines(house, path, filled.author, table="items")

    assert sum(int(line["attempts"] or 0) for line in scores) == 43
    assert [(line["from_percent"], line["attempts"]) for line in scores[:4]] == [
        ("20", "1"), ("40", "2"), ("50", "4"), ("60", "5"),
    ]  # fmt: skip
    assert [item["number"] for item in items] == ["1", "1", "2", "2", "3", "3", "4", "4", "5", "5"]
    assert items[2]["difficulty"] == "0.475"


async def test_incidents_of_all_exams_are_the_jobs_rows(house: House, filled: Term) -> None:
    admin = await house.person(Role.ADMIN)

    found = await lines(house, "periods/report.csv", admin, table="incidents")

    fifth = [line for line in found if line["period_start"] == "2026-12-05"]
    assert [(line["kind"], line["hour"], line["incidents"], line["false_positive_rate"]) for line in fifth] == [
        ("forbidden_object", "10", "3", repr(2 / 3)), ("forbidden_object", "23", "2", ""),
    ]  # fmt: skip
    assert sum(int(line["incidents"] or 0) for line in found) == 54
    assert [line["period_start"] for line in found if line["state"] == "not_computed"] == [
        "2026-12-09", "2026-12-10", "2026-12-11", "2026-12-24",
    ]  # fmt: skip


async def test_cohorts_and_months(house: House, filled: Term) -> None:
    admin = await house.person(Role.ADMIN)

    cohorts = await lines(house, "periods/report.csv", admin, table="cohorts")
    months = await lines(house, f"students/{filled.student.person_id}/report.csv", filled.student)

    assert [(line["state"], line["students"], line["mean_percent"]) for line in cohorts] == [
        ("computed", "7", "68.25"), ("suppressed", "", ""),
    ]  # fmt: skip
    assert [(line["state"], line["mean_percent"], line["pass_rate"]) for line in months] == [
        ("computed", "71.25", "0.5"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["periods", "exams/{exam}"])
async def test_an_unknown_table_is_refused_by_name(house: House, filled: Term, path: str) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await download(
        house, f"{path.format(exam=filled.exam.exam_id)}/report.csv", admin, table="people"
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/table")


async def test_a_table_of_too_many_lines_is_refused(house: House, results: Results) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(35)]
    row = {
        "exam_id": exam.exam_id, "incidents": 1, "mean_confidence": 1.0, "reviewed": 0,
        "cleared": 0, "ruled": 0, "false_positives": 0,
    }  # fmt: skip
    rows = [
        {
            **row,
            "period_start": day,
            "kind": f"kind_{kind}",
            "severity": severity,
            "hour": hour,
            "computed_at": at(day),
        }
        for day in days
        for kind in range(12)
        for severity in Severity
        for hour in range(24)
    ]
    async with house.context.databases.analytics.write() as session:
        await session.execute(insert(AnomalyDay), rows)
    await results.ran(Job.ANOMALIES, days[0])

    path = f"exams/{exam.exam_id}/report.csv"
    whole = {"from": "2026-01-01", "to": "2026-12-31", "table": "incidents"}
    answer = await download(house, path, author, **whole)

    assert (answer.status_code, answer.json()["pointer"]) == (422, "/to")
    assert "50400 lines, at most 50000" in answer.json()["detail"]
