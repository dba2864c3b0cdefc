"""The analytics part over Galera: the same figures as over SQLite, whose engine sums, groups and orders otherwise."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.analytics.gauge_source import SOURCES
from api.app import create_app
from api.password import Passwords
from schema.db.session import Databases
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.analytics.jobs import Results
from tests.api.analytics.term import QUERY, term
from tests.api.analytics.test_gauge import told
from tests.api.analytics.test_workload import review
from tests.api.conftest import serving
from tests.api.house import House, MovableClock


@pytest.fixture
async def house(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    clock = MovableClock()
    settings = Settings.model_validate({"var_dir": tmp_path, "demo_accounts": False, "rate_limits": False})
    parts = frozenset({Part.ANALYTICS})
    app: FastAPI = create_app(
        settings, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock
    )
    async with serving(app) as client:
        yield House(client, app.state.context, clock)


async def test_figures_are_the_same_as_over_sqlite(house: House) -> None:
    filled = await term(house, Results(house.context.databases.analytics))
    admin = await house.person(Role.ADMIN)
    await review(house, house.clock() - timedelta(days=4))
    exam, student = f"exams/{filled.exam.exam_id}", f"students/{filled.student.person_id}"
    answers = {}
    for path in (
        "incidents",
        "exams",
        f"{exam}/results",
        f"{student}/performance",
        "cohorts",
        "reviews",
        "freshness",
    ):
        answer = await house.client.get(f"/api/analytics/{path}", params=QUERY, headers=admin.headers)
        assert answer.status_code == 200, answer.text
        answers[path.rpartition("/")[2]] = answer.json()

    total = answers["incidents"]["total"]
    assert (total["incidents"], total["ruled"], total["false_positives"]) == (54, 21, 11)
    assert total["mean_confidence"] == pytest.approx((31 * 0.75 + 18 + 5 * 0.41) / 54)
    assert answers["exams"]["total"]["pass_rate"] == pytest.approx(31 / 52)
    assert answers["results"]["total"]["mean_percent"] == pytest.approx(
        (12 * 58.25 + 20 * 63.5 + 8 * 61 + 3 * 71.5) / 43
    )
    assert sum(bucket["attempts"] for bucket in answers["results"]["distribution"]) == 43
    assert answers["results"]["coverage"]["not_computed"] == ["2026-12-20"]
    assert answers["performance"]["total"]["mean_percent"] == 71.25
    assert [month["state"] for one in answers["cohorts"]["cohorts"] for month in one["months"]] == [
        "computed", "suppressed",
    ]  # fmt: skip
    assert answers["reviews"]["waiting"][0]["overdue"] == 1
    assert answers["freshness"]["jobs"][0]["period_start"] == "2026-12-31"


async def test_reports_and_gauges_come_from_galera_too(house: House) -> None:
    filled = await term(house, Results(house.context.databases.analytics))
    admin = await house.person(Role.ADMIN)
    exam = f"exams/{filled.exam.exam_id}"
    reports = [f"{exam}/report.pdf", "periods/report.pdf", f"{exam}/report.csv", "periods/report.csv"]

    answers = [
        await house.client.get(f"/api/analytics/{path}", params=QUERY, headers=admin.headers)
        for path in reports
    ]
    gauges = await told(house)

    assert [answer.status_code for answer in answers] == [200] * len(reports)
    assert [answer.content[:4] for answer in answers[:2]] == [b"%PDF"] * 2
    assert answers[2].text.count("58.25") == 2  # mean and median
    up = {labels[0]: value for (name, labels), value in gauges.items() if name == "source_up"}
    assert up == dict.fromkeys(SOURCES, 1)
