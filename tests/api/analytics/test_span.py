"""Ranges of days: what is refused, and which field is named."""

from datetime import date
from typing import Any

import pytest

from schema.ids import new_id
from schema.period import Unit
from schema.role import Role
from tests.api.house import House

ROUTES = (
    "incidents", "cohorts", "reviews", "exams", "exams/{exam}/incidents", "exams/{exam}/results",
    "exams/{exam}/report.pdf", "exams/{exam}/report.csv", "periods/report.pdf", "periods/report.csv",
)  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"from": "2027-01-05", "to": "2027-01-04"}, "/from", "before it begins"),
        ({"from": "2024-01-01", "to": "2026-01-01"}, "/to", "732 days"),
        ({"from": "yesterday"}, "/from", "date"),
        ({"from": "1999-12-31", "to": "2000-01-01"}, "/from", "2000-01-01"),
        ({"to": "3000-01-01"}, "/to", "2999-12-31"),
        ({"from": "2027-02-30"}, "/from", "day"),
    ],
)
async def test_a_wrong_range_is_refused_by_name(
    house: House, route: str, query: dict[str, str], field: str, words: str
) -> None:
    admin, exam = await house.person(Role.ADMIN), await house.exam()

    url = f"/api/analytics/{route.format(exam=exam.exam_id)}"
    answer = await house.client.get(url, params=query, headers=admin.headers)

    problem = answer.json()
    told = problem if "pointer" in problem else problem["errors"][0]
    assert (answer.status_code, problem["type"], told["pointer"]) == (422, "/problems/invalid", field)
    assert words in str(problem)


async def test_an_exam_that_is_not_there_is_not_found(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    for part in ("incidents", "results", "report.pdf", "report.csv"):
        answer = await house.client.get(f"/api/analytics/exams/{new_id()}/{part}", headers=admin.headers)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found")


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, "2026-12-14", "2027-01-10"),
        ({"from": "2027-01-01"}, "2027-01-01", "2027-01-28"),
        ({"to": "2027-01-31"}, "2027-01-04", "2027-01-31"),
        ({"from": "2025-01-01", "to": "2027-01-01"}, "2025-01-01", "2027-01-01"),
    ],
)
async def test_what_is_left_out_is_filled_in(
    house: House, query: dict[str, Any], first: str, last: str
) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await house.client.get("/api/analytics/incidents", params=query, headers=admin.headers)

    coverage = answer.json()["coverage"]
    assert (coverage["first_day"], coverage["last_day"]) == (first, last)


@pytest.mark.parametrize(
    ("unit", "starts"),
    [
        (Unit.DAY, ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"]),
        (Unit.WEEK, ["2026-12-27", "2027-01-03"]),
        (Unit.MONTH, ["2026-12-01", "2027-01-01"]),
    ],
)
def test_periods_hold_every_day_of_the_range(unit: Unit, starts: list[str]) -> None:
    found = list(unit.starts(date(2026, 12, 31), date(2027, 1, 3)))

    assert [day.isoformat() for day in found] == starts
    assert unit.end_of(found[-1]) >= date(2027, 1, 3)
