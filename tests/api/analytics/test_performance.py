"""Results of exams, students and cohorts: figures of the rows, trends, and what must not be shown."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from schema.db.tables.corrections import MarkingRound
from schema.db.tables.users import Cohort
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.period import Job
from schema.role import Role
from tests.api.analytics.jobs import Results
from tests.api.house import House, Someone

WEEKS = [date(2026, 12, 20), date(2026, 12, 27), date(2027, 1, 3)]
IN_WEEKS = {"from": "2026-12-23", "to": "2027-01-05"}
MONTHS = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
IN_MONTHS = {"from": "2026-10-15", "to": "2026-12-02"}


async def asked(house: House, path: str, me: Someone, query: dict[str, str]) -> dict[str, object]:
    answer = await house.client.get(f"/api/analytics/{path}", params=query, headers=me.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_weeks_add_up_to_the_exams_results(house: House, results: Results) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)
    await results.ran(Job.GRADES, *WEEKS)
    await results.week(WEEKS[0], exam.exam_id, 10, 60.0, passed=6, alpha=0.81)
    await results.week(WEEKS[2], exam.exam_id, 30, 70.0, passed=24, alpha=None, deviation=None)
    await results.scores(WEEKS[0], exam.exam_id, {50: 4, 60: 6})
    await results.scores(WEEKS[2], exam.exam_id, {60: 10, 90: 20})

    found = await asked(house, f"exams/{exam.exam_id}/results", author, IN_WEEKS)

    assert found["title"] == "Geography"
    assert found["total"] == {
        "attempts": 40, "mean_percent": 67.5, "lowest_percent": 40.0, "highest_percent": 90.0, "passed": 30,
        "pass_rate": 0.75,
    }  # fmt: skip
    weeks = found["weeks"]
    assert isinstance(weeks, list)
    assert [(week["week"], week["figures"]["attempts"]) for week in weeks] == [
        ("2026-12-20", 10), ("2026-12-27", 0), ("2027-01-03", 30),
    ]  # fmt: skip
    assert [week["figures"]["alpha"] for week in weeks] == [0.81, None, None]
    assert weeks[1]["figures"]["pass_rate"] is None
    buckets = {one["from_percent"]: one["attempts"] for one in found["distribution"]}  # type: ignore[attr-defined]
    assert buckets == {**dict.fromkeys(range(0, 100, 10), 0), 50: 4, 60: 16, 90: 20}


async def test_a_trend_needs_the_week_before(house: House, results: Results) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)
    await results.ran(Job.GRADES, WEEKS[0], WEEKS[1])
    await results.week(WEEKS[0], exam.exam_id, 10, 60.0)
    await results.week(WEEKS[1], exam.exam_id, 10, 55.5)

    found = await asked(house, f"exams/{exam.exam_id}/results", author, IN_WEEKS)

    weeks = found["weeks"]
    assert isinstance(weeks, list)
    assert [week["figures"] and week["figures"]["trend"] for week in weeks] == [None, -4.5, None]
    assert [week["state"] for week in weeks] == ["computed", "computed", "not_computed"]


async def test_items_are_named_in_the_exams_order(house: House, results: Results) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)
    known, gone = exam.questions[0].question_id, new_id()
    await results.ran(Job.GRADES, *WEEKS)
    await results.item(
        WEEKS[0], exam.exam_id, gone, 5, difficulty=None, discrimination=None, mean_seconds=None
    )
    await results.item(
        WEEKS[0], exam.exam_id, known, 10, difficulty=0.2, discrimination=-0.1, mean_seconds=30.0
    )
    await results.item(
        WEEKS[2], exam.exam_id, known, 30, difficulty=0.6, discrimination=0.3, mean_seconds=None
    )

    found = await asked(house, f"exams/{exam.exam_id}/results", author, IN_WEEKS)

    items = found["items"]
    assert isinstance(items, list)
    assert [(item["number"], item["title"], item["answers"]) for item in items] == [
        (1, "The earth is round.", 40), (None, str(gone), 5),
    ]  # fmt: skip
    assert items[0]["difficulty"] == pytest.approx(0.5)
    assert items[0]["discrimination"] == pytest.approx(0.2)
    assert items[0]["mean_seconds"] == 30.0
    assert [week["difficulty"] for week in items[0]["weeks"]] == [0.2, 0.6]
    assert (items[1]["difficulty"], items[1]["discrimination"]) == (None, None)


async def test_weeks_and_scores_of_all_exams_are_sums_over_those_that_one_may_read(
    house: House, results: Results
) -> None:
    author, admin = await house.person(Role.AUTHOR), await house.person(Role.ADMIN)
    own, other = await house.exam(author.person_id), await house.exam()
    first, second = date(2027, 1, 3), date(2027, 1, 10)
    await results.ran(Job.GRADES, first)
    await results.week(first, own.exam_id, 4, 50.0, passed=1)
    await results.week(first, other.exam_id, 6, 75.0, passed=4)
    await results.scores(first, own.exam_id, {40: 3, 90: 1})
    await results.scores(first, other.exam_id, {90: 6})

    query = {"from": str(first), "to": str(second)}
    mine, every = [
        (await house.client.get("/api/analytics/exams", params=query, headers=me.headers)).json()
        for me in (author, admin)
    ]

    assert [(week["week"], week["state"]) for week in every["weeks"]] == [
        ("2027-01-03", "computed"), ("2027-01-10", "not_computed"),
    ]  # fmt: skip
    assert every["weeks"][0]["figures"] == every["total"] == {
        "attempts": 10, "mean_percent": 65.0, "lowest_percent": 30.0, "highest_percent": 95.0, "passed": 5,
        "pass_rate": 0.5,
    }  # fmt: skip
    assert every["weeks"][1]["figures"] is None
    assert {one["from_percent"]: one["attempts"] for one in every["distribution"]} == {
        **dict.fromkeys(range(0, 100, 10), 0), 40: 3, 90: 7,
    }  # fmt: skip
    assert mine["weeks"][0]["figures"]["pass_rate"] == 0.25
    assert mine["distribution"][9] == {"from_percent": 90, "attempts": 1}


async def test_without_a_computed_week_there_is_no_total(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)

    found = await asked(house, f"exams/{exam.exam_id}/results", author, IN_WEEKS)

    assert (found["total"], found["distribution"], found["items"]) == (None, [], [])


async def marked(house: House, attempt_id: UUID, at: datetime) -> None:
    row = MarkingRound(
        attempt_id=attempt_id, round_number=1, earned=Decimal(1), points=Decimal(1), percent=Decimal(100),
        passed=True, created_at=at, completed_at=at,
    )  # fmt: skip
    async with house.context.databases.corrections.write() as session:
        session.add(row)


async def test_a_students_months(house: House, results: Results) -> None:
    student = await house.person(Role.STUDENT)
    await results.ran(Job.PERFORMANCE, *MONTHS[:2])
    await results.student(MONTHS[0], student.person_id, 2, 50.0, passed=1)
    await results.student(MONTHS[1], student.person_id, 1, 80.0, trend=30.0)

    found = await asked(house, f"students/{student.person_id}/performance", student, IN_MONTHS)

    assert found["name"] == "Somebody"
    assert found["total"] == {
        "attempts": 3, "mean_percent": 60.0, "passed": 2, "pass_rate": pytest.approx(2 / 3), "trend": None,
    }  # fmt: skip
    assert found["months"] == [
        {"month": "2026-10-01", "state": "computed", "figures": {
            "attempts": 2, "mean_percent": 50.0, "passed": 1, "pass_rate": 0.5, "trend": None}},
        {"month": "2026-11-01", "state": "computed", "figures": {
            "attempts": 1, "mean_percent": 80.0, "passed": 1, "pass_rate": 1.0, "trend": 30.0}},
        {"month": "2026-12-01", "state": "not_computed", "figures": None},
    ]  # fmt: skip


async def test_a_result_that_is_not_released_is_not_told_by_a_mean(house: House, results: Results) -> None:
    student, admin, exam = (
        await house.person(Role.STUDENT),
        await house.person(Role.ADMIN),
        await house.exam(),
    )
    attempt_id = await house.attempt(student.person_id, exam, await house.slot(exam), "submitted")
    await marked(house, attempt_id, datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    await results.ran(Job.PERFORMANCE, *MONTHS)
    for month in MONTHS:
        await results.student(month, student.person_id, 1, 77.0, trend=11.0)
    url = f"students/{student.person_id}/performance"

    own, seen = await asked(house, url, student, IN_MONTHS), await asked(house, url, admin, IN_MONTHS)

    months = own["months"]
    assert isinstance(months, list)
    assert [month["state"] for month in months] == ["computed", "withheld", "computed"]
    assert [month["figures"] and month["figures"]["trend"] for month in months] == [11.0, None, None]
    assert own["total"]["attempts"] == 2  # type: ignore[index]
    assert [month["state"] for month in seen["months"]] == ["computed"] * 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_learns_whether_a_student_is_there(house: House, role: Role) -> None:
    student, other = await house.person(Role.STUDENT), await house.person(role)

    for student_id in (student.person_id, new_id()):
        url = f"/api/analytics/students/{student_id}/performance"
        assert (await house.client.get(url, headers=other.headers)).status_code == 404


async def test_small_cohorts_stay_suppressed(house: House, results: Results) -> None:
    admin, exam = await house.person(Role.ADMIN), await house.exam()
    large, small, foreign = sorted(new_id() for _ in range(3))
    for cohort_id in (large, small):
        await house.attempt(new_id(), exam, await house.slot(exam), cohort_id=cohort_id)
    await results.ran(Job.PERFORMANCE, *MONTHS[:2])
    some = {"students": 6, "attempts": 8, "mean_percent": 61.5, "pass_rate": 0.5, "trend": -2.5}
    await results.cohort(MONTHS[1], large, **some)
    await results.cohort(MONTHS[1], small)
    await results.cohort(MONTHS[1], foreign, **some)
    async with house.context.databases.users.write() as session:
        facts = {"organisation_id": DEFAULT_ORGANISATION, "created_at": house.clock()}
        session.add_all(
            Cohort(cohort_id=key, name=name, **facts) for key, name in ((large, "2027 A"), (foreign, "B"))
        )

    found = await asked(house, "cohorts", admin, IN_MONTHS)

    assert found["suppressed"] == 1
    assert "fewer than five" in str(found["suppression"])
    cohorts = found["cohorts"]
    assert isinstance(cohorts, list)
    assert [cohort["cohort_id"] for cohort in cohorts] == [str(large), str(small)]
    assert [cohort["name"] for cohort in cohorts] == ["2027 A", ""]
    assert [month["state"] for month in cohorts[1]["months"]] == ["computed", "suppressed", "not_computed"]
    assert cohorts[1]["months"][1]["figures"] is None
    assert cohorts[0]["months"][1]["figures"] == some
