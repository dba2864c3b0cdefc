"""Dashboards in the browser: without figures they say when there will be some; with them, tables and CSV have them."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from schema.db.session import Databases
from schema.period import Job, Unit
from tests.api.analytics.jobs import Results
from tests.e2e.browser import watched
from tests.e2e.inspector import LOOK, Inspector
from tests.e2e.keyboard import choose, press, sign_in, write_date
from tests.e2e.stage import API, Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

TODAY = datetime.now(UTC).date()
DAYS = [TODAY - timedelta(days=ago) for ago in (3, 2)]
WEEK = Unit.WEEK.start_of(TODAY - timedelta(days=7))
MONTH = Unit.MONTH.start_of(TODAY)
PERIOD = f"from={TODAY - timedelta(days=13)}&to={TODAY}"
FACE = {"kind": "face_absent", "severity": "high", "mean_confidence": 0.5}


async def opened(page: Page, stage: Stage, who: str, query: str = "") -> None:
    await page.goto(f"{stage.server}/dashboards?{query}")
    await sign_in(page, f"{who}@demo.example")
    await page.wait_for_load_state("networkidle")


async def booked(stage: Stage, title: str) -> tuple[UUID, list[UUID]]:
    """A strict exam with one attempt, and its questions."""
    exam_id = await stage.exam(title, starts_in=timedelta(minutes=5), detection={"preset": "strict"})
    [slot] = (await stage.people["student"].get(f"{API}/slots", exam_id=exam_id))["items"]
    await stage.people["student"].post(f"{API}/attempts", {"exam_id": exam_id, "slot_id": slot["slot_id"]})
    exam = await stage.people["author"].get(f"{API}/exams/{exam_id}")
    return UUID(exam_id), [UUID(one["question_id"]) for part in exam["sections"] for one in part["questions"]]


async def grouped(stage: Stage) -> UUID:
    """The student is in a cohort, which the attempts that they book from now on belong to."""
    student = stage.people["student"].person_id
    person = await stage.people["admin"].call(
        "PATCH", f"/api/users/people/{student}", json={"cohort": "Class of 2027"}
    )
    return UUID(person["cohort_id"])


async def computed(stage: Stage, cohort_id: UUID, exam_id: UUID, questions: list[UUID]) -> None:
    """What the jobs would have left: two days of incidents, a week of results, a month of a cohort."""
    databases = Databases.open(stage.product.settings.database_url_of)
    results = Results(databases.analytics)
    await results.ran(Job.ANOMALIES, *DAYS)
    await results.incidents(DAYS[0], exam_id, 5, **FACE, reviewed=4, cleared=3)
    await results.incidents(DAYS[1], exam_id, 2)
    await results.ran(Job.GRADES, WEEK)
    await results.week(WEEK, exam_id, 8, 61.5, passed=6)
    await results.scores(WEEK, exam_id, {40: 2, 60: 6})
    for place, question_id in enumerate(questions[:2]):
        await results.item(
            WEEK, exam_id, question_id, 8, difficulty=0.9 - place / 2, discrimination=0.45 - place / 2
        )
    await results.ran(Job.PERFORMANCE, MONTH)
    some = {"students": 6, "attempts": 8, "mean_percent": 61.5, "pass_rate": 0.75, "trend": -2.5}
    await results.cohort(MONTH, cohort_id, **some)
    await databases.close()


async def rows_of(page: Page, finding: str) -> list[list[str]]:
    """The table of the chart with this finding, opened by keyboard."""
    chart = page.get_by_role("figure", name=finding)
    await expect(chart.get_by_role("img")).to_be_visible()
    await press(page, chart.locator("summary"))
    return [await row.locator("th, td").all_inner_texts() for row in await chart.locator("tbody tr").all()]


async def saved(page: Page, finding: str, folder: Path) -> list[list[str]]:
    """The CSV of the chart with this finding."""
    chart = page.get_by_role("figure", name=finding)
    async with page.expect_download() as download:
        await press(page, chart.get_by_role("button", name="Download this table"))
    path = folder / "table.csv"
    await (await download.value).save_as(path)
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def written(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


async def read_results(page: Page) -> None:
    weeks = await rows_of(page, "75% passed")
    assert [written(WEEK), "Computed", "8", "6", "75%", "61.5"] in weeks
    assert [row[1] for row in weeks].count("Not computed yet") == len(weeks) - 1
    scores = await rows_of(page, "The most frequent scores are 60–70")
    assert [row for row in scores if row[1] != "0"] == [["40–50", "2", "25%"], ["60–70", "6", "75%"]]
    items = await rows_of(page, "Question 2 is the hardest: 0.40")
    assert [row[2:5] for row in items] == [["8", "0.90", "0.45"], ["8", "0.40", "-0.05"]]


async def read_incidents(page: Page) -> None:
    kinds = await rows_of(page, "Most frequent: No face in the picture, 5 of 7")
    assert [row[:6] for row in kinds] == [
        ["No face in the picture", "5", "0.50", "4", "3", "75%"],
        ["Text pasted", "2", "1.00", "0", "0", "–"],
    ]
    presets = await rows_of(page, "Cleared of those decided on: Strict 75%")
    assert [row[:3] for row in presets] == [
        ["Strict", "All kinds", "7"],
        ["Strict", "No face in the picture", "5"],
        ["Strict", "Text pasted", "2"],
    ]


async def read_cohorts(page: Page) -> None:
    """Of all exams, with the change against the month before."""
    [row] = await rows_of(page, f"“Class of 2027” had a mean score of 61.5 % in {MONTH:%B %Y}.")
    assert [row[0], row[1], *row[3:]] == [
        "Class of 2027", f"{MONTH:%B %Y}", "6", "8", "61.5", "75%", "-2.5"
    ]  # fmt: skip


async def test_dashboards_say_what_is_known_and_what_is_not(
    stage: Stage, browser: Browser, tmp_path: Path
) -> None:
    cohort_id = await grouped(stage)
    exam_id, questions = await booked(stage, "Dashboards")
    async with watched(browser, stage.server, **LOOK) as person:
        page = await person.page("/sign-in")
        begun = datetime.now(UTC).date()
        await opened(page, stage, "admin", PERIOD)
        results = page.locator("section", has=page.get_by_role("heading", name="Results"))
        await expect(results.get_by_text("No figures yet.")).to_be_visible()
        await expect(results.get_by_text("03:00 UTC every Sunday")).to_be_visible()
        days = f"{begun}|{datetime.now(UTC).date()}"  # midnight may have come
        await expect(results.get_by_text(re.compile(f"make jobs DATE=({days})"))).to_be_visible()

        await computed(stage, cohort_id, exam_id, questions)
        await choose(page, page.get_by_label("Exam"), "Dashboards")
        await press(page, page.get_by_role("button", name="Show", exact=True))
        await page.wait_for_url(f"**/dashboards?exam={exam_id}&{PERIOD}")

        await read_results(page)
        await read_incidents(page)
        assert await saved(page, "Cleared of those decided on", tmp_path) == [
            [
                "preset", "kind", "incidents", "mean_confidence", "reviewed", "cleared", "share_cleared", "ruled",
                "false_positives", "false_positive_rate",
            ],
            ["strict", "all", "7", str(4.5 / 7), "4", "3", "0.75", "0", "0", ""],
            ["strict", "face_absent", "5", "0.5", "4", "3", "0.75", "0", "0", ""],
            ["strict", "paste", "2", "1", "0", "0", "", "0", "0", ""],
        ]  # fmt: skip
        async with page.expect_download() as report:
            await press(page, page.get_by_role("button", name="Report (PDF)"))
        assert (await report.value).suggested_filename.startswith(f"exam-{exam_id}")

        inspector = Inspector()
        await inspector.visit("dashboards", page)
        assert not inspector.found, "\n".join(inspector.found)

        await page.goto(f"{stage.server}/dashboards?{PERIOD}")
        await read_cohorts(page)


async def test_a_period_that_is_upside_down_is_named_at_its_field(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await opened(page, stage, "grader", "from=2026-03-02&to=2026-03-01")

        await expect(page.get_by_label("From")).to_be_focused()
        await expect(page.get_by_text("before it begins on 2026-03-02")).to_be_visible()
        await write_date(page, page.get_by_label("From"), "03", "01", "2026")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/dashboards?exam=&from=2026-03-01&to=2026-03-01")
        await press(page, page.get_by_role("link", name="Last 4 weeks"))

        await expect(page.get_by_role("heading", name="Reviewers’ load")).to_be_visible()
        await expect(page.get_by_role("heading", name="Results")).to_be_hidden()
