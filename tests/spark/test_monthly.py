"""The monthly figures: means, trends against the month before, and cohorts too small to show."""

from datetime import date

from batch.monthly_user_performance import run
from batch.period import Period, month_before, month_of, week_of
from batch.workplace import Workplace
from schema.db.tables.analytics import CohortMonth, StudentMonth
from schema.events import Envelope
from tests.spark.event_maker import at, grading, ident
from tests.spark.telling import rows_of, store

NOVEMBER = month_of(date(2026, 11, 18))


def cohort(name: str, students: int, month: int, percent: int) -> list[Envelope]:
    return [
        grading(
            [1], at(9, month=month), percent=percent,
            attempt=f"{name} {number} {month}", student=f"{name} {number}", cohort=name,
        )
        for number in range(students)
    ]  # fmt: skip


def test_months_and_weeks_hold_their_days() -> None:
    assert Period(date(2026, 11, 1), date(2026, 12, 1)) == NOVEMBER
    assert month_before(month_of(date(2026, 1, 31))) == Period(date(2025, 12, 1), date(2026, 1, 1))
    assert week_of(date(2026, 11, 22)) == Period(date(2026, 11, 22), date(2026, 11, 29))
    assert week_of(date(2026, 11, 21)) == Period(date(2026, 11, 15), date(2026, 11, 22))


def test_small_cohorts_are_suppressed_now_and_as_a_month_before(place: Workplace) -> None:
    store(
        place,
        *cohort("steady", 5, month=10, percent=50),
        *cohort("steady", 5, month=11, percent=60),
        *cohort("grown", 4, month=10, percent=50),
        *cohort("grown", 6, month=11, percent=40),
        *cohort("small", 4, month=11, percent=90),
        grading([1], at(11), percent=20, attempt="more", student="small 0"),  # of no cohort
    )

    run(place, NOVEMBER)
    run(place, NOVEMBER)

    rows = {row["cohort_id"]: row for row in rows_of(place, CohortMonth)}
    names = ("suppressed", "students", "attempts", "mean_percent", "pass_rate", "trend")
    figures = {cohort_id: tuple(row[name] for name in names) for cohort_id, row in rows.items()}
    assert figures == {
        ident("steady"): (False, 5, 5, 60.0, 1.0, 10.0),
        ident("grown"): (False, 6, 6, 40.0, 0.0, None),
        ident("small"): (True, None, None, None, None, None),
    }
    students = {row["student_id"]: row for row in rows_of(place, StudentMonth)}
    assert len(students) == 5 + 6 + 4
    small = students[ident("small 0")]
    assert (small["attempts"], small["mean_percent"], small["passed"], small["trend"]) == (2, 55.0, 1, None)
    assert students[ident("grown 0")]["trend"] == -10.0
    assert students[ident("grown 5")]["trend"] is None
    assert {row["period_start"] for row in students.values()} == {NOVEMBER.start}
