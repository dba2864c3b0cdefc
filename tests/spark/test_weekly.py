"""The weekly figures: small cases worked out by hand, and many against pandas."""

import random
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from pyspark.sql import DataFrame, SparkSession

from batch.attempt_score import attempt_scores, item_scores
from batch.item_analysis import exam_reliability, item_figures
from batch.monthly_user_performance import user_performance
from batch.period import week_of
from batch.score_distribution import exam_figures, score_buckets
from batch.weekly_grade_analytics import JOB, run
from batch.workplace import Workplace
from schema.db.tables.analytics import ExamWeek, ItemWeek, JobRun, ScoreBucket, StudentMonth
from schema.events import Envelope
from tests.spark.event_maker import DAY, at, grading, ident
from tests.spark.telling import append, read, rows_of, store

WEEK = week_of(DAY)


def test_a_week_is_computed_from_each_attempts_last_round(place: Workplace) -> None:
    store(
        place,
        grading([0, 0, 0], at(9), attempt="one"),
        grading([2, 2, 2], at(9, day=19), attempt="one", round_number=2),
        grading([2, 2, 0], at(10), attempt="two"),
        grading([0, 2, 0], at(10), attempt="three"),
        grading([0, 0, 0], at(10), attempt="four"),
        grading([2, 2, 2], at(10, day=22), attempt="five"),  # the Sunday after
    )
    append(place, "grading_completed", DAY, '{"percent": 3}\n')

    tally = run(place, WEEK)
    run(place, WEEK)

    assert (tally.lines_read, tally.lines_quarantined) == (6, 1)
    (entry,) = rows_of(place, JobRun)
    assert (entry["job"], entry["period_start"].isoformat()) == (JOB, "2026-11-15")
    (exam,) = rows_of(place, ExamWeek)
    assert (exam["attempts"], exam["passed"], exam["pass_rate"], exam["items"]) == (4, 2, 0.5, 3)
    assert exam["mean_percent"] == exam["median_percent"] == pytest.approx(50)
    # Item variances 4/3, 1 and 1, of the totals 6, 4, 2, 0 it is 20/3: 3/2 × (1 - (10/3) / (20/3)).
    assert exam["alpha"] == pytest.approx(0.75)
    buckets = {row["from_percent"]: row["attempts"] for row in rows_of(place, ScoreBucket)}
    assert buckets == {0: 1, 30: 1, 60: 1, 90: 1}
    items = {row["question_id"]: row for row in rows_of(place, ItemWeek)}
    assert [items[ident(f"question {n}")]["difficulty"] for n in range(3)] == [0.5, 0.75, 0.25]
    # 2, 2, 0, 0 against the rests 4, 2, 2, 0: covariance 4/3, deviations sqrt(4/3) and sqrt(8/3).
    assert items[ident("question 0")]["discrimination"] == pytest.approx(0.5**0.5)
    assert items[ident("question 1")]["median_seconds"] == items[ident("question 1")]["mean_seconds"] == 20


def test_what_cannot_be_measured_is_null(spark: SparkSession) -> None:
    alike = [grading([1, 1], at(9), attempt=name, exam="alike") for name in "ab"]
    single = [grading([1, 2], at(9), attempt="c", exam="single")]
    pool = [
        grading([1, 2], at(9), attempt="d", exam="pool"),
        grading([2, 1, 0], at(9), attempt="e", exam="pool"),
    ]

    items = item_scores(attempt_scores(read(spark, [*alike, *single, *pool])))

    assert {row["alpha"] for row in exam_reliability(items).collect()} == {None}
    figures = item_figures(items).collect()
    measured = [row for row in figures if row["discrimination"] is not None]
    assert len(figures) == 2 + 2 + 3
    assert {row["exam_id"] for row in measured} == {str(ident("pool"))}


@pytest.fixture(scope="module")
def generated() -> list[Envelope]:
    """Two exams of six questions, forty attempts each, by forty students of two cohorts."""
    chance = random.Random(20261122)
    return [
        grading(
            [chance.choice([0, 0.5, 1, 2]) for _ in range(6)],
            at(chance.randrange(24)),
            attempt=f"{exam} {number}",
            exam=exam,
            student=f"student {number}",
            cohort=f"cohort {number % 2}",
        )
        for exam in ("exam", "other")
        for number in range(40)
    ]


def frame(events: list[Envelope]) -> pd.DataFrame:
    """One row per attempt and question."""
    return pd.DataFrame(
        [
            {
                "exam": str(event.exam_id), "attempt": str(event.attempt_id), "student": str(event.student_id),
                "percent": float(event.data["percent"]), "question": item["question_id"],
                "earned": float(item["earned"]), "points": float(item["points"]),
            }
            for event in events for item in event.data["items"]
        ]
    )  # fmt: skip


def by(rows: DataFrame, *keys: str) -> dict[Any, Any]:
    return {tuple(row[key] for key in keys): row for row in rows.collect()}


def test_exam_figures_equal_those_of_pandas(spark: SparkSession, generated: list[Envelope]) -> None:
    scores = attempt_scores(read(spark, generated)).cache()

    figures, reliability = (
        by(exam_figures(scores), "exam_id"),
        by(exam_reliability(item_scores(scores)), "exam_id"),
    )
    buckets = by(score_buckets(scores), "exam_id", "from_percent")

    for exam, rows in frame(generated).groupby("exam"):
        percent = rows.groupby("attempt")["percent"].first()
        wide = rows.pivot_table(index="attempt", columns="question", values="earned")
        mine = figures[(exam,)]
        assert (mine["attempts"], mine["passed"]) == (40, int((percent >= 50).sum()))
        assert mine["mean_percent"] == pytest.approx(percent.mean())
        assert mine["median_percent"] == pytest.approx(percent.median())
        assert mine["deviation"] == pytest.approx(percent.std())
        alpha = 6 / 5 * (1 - wide.var().sum() / wide.sum(axis=1).var())
        assert reliability[(exam,)]["alpha"] == pytest.approx(alpha)
        for low, high in pairwise([*range(0, 100, 10), 101]):
            expected = int(((percent >= low) & (percent < high)).sum())
            assert (buckets[exam, low]["attempts"] if (exam, low) in buckets else 0) == expected


def test_item_figures_equal_those_of_pandas(spark: SparkSession, generated: list[Envelope]) -> None:
    items = item_scores(attempt_scores(read(spark, generated)))

    figures = by(item_figures(items), "exam_id", "question_id")

    table = frame(generated)
    assert len(figures) == 12
    table["rest"] = table.groupby("attempt")["earned"].transform("sum") - table["earned"]
    for key, rows in table.groupby(["exam", "question"]):
        mine = figures[key]
        assert mine["difficulty"] == pytest.approx((rows["earned"] / rows["points"]).mean())
        assert mine["discrimination"] == pytest.approx(rows["earned"].corr(rows["rest"]))


def test_student_figures_equal_those_of_pandas(spark: SparkSession, generated: list[Envelope]) -> None:
    events = read(spark, generated)

    students = by(user_performance(events, events)[StudentMonth], "student_id")

    means = frame(generated).groupby(["student", "attempt"])["percent"].first().groupby("student").mean()
    assert {key[0] for key in students} == set(means.index)
    for student, mean in means.items():
        assert students[(student,)]["mean_percent"] == pytest.approx(mean)
        assert (students[(student,)]["attempts"], students[(student,)]["trend"]) == (2, 0)


@pytest.mark.parametrize(("rule", "counted"), [("best", "second"), ("last", "third"), ("first", "first")])
def test_a_students_sittings_are_one_figure(spark: SparkSession, rule: str, counted: str) -> None:
    earned = {"first": [1, 0], "second": [2, 2], "third": [0, 0]}
    told = [
        grading(
            points, at(9 + place), attempt=name, student="anna", counting=rule, sitting=place + 1,
            counts=rule != "first" or place == 0,
        )
        for place, (name, points) in enumerate(earned.items())
    ]  # fmt: skip
    other = grading(
        [2, 0], at(9), attempt="of another", student="berta", counting=rule, sitting=1, counts=True
    )

    scores = attempt_scores(read(spark, [*told, other])).collect()

    assert {row["attempt_id"] for row in scores} == {str(ident(counted)), str(ident("of another"))}


def test_marks_that_came_down_let_another_sitting_count(spark: SparkSession) -> None:
    about: dict[str, Any] = {"student": "anna", "counting": "best"}
    told = [
        grading([1, 1], at(9), attempt="first", sitting=1, counts=True, **about),
        grading([2, 2], at(10), attempt="second", sitting=2, counts=True, **about),
        grading([2, 1], at(11), attempt="third", sitting=3, counts=False, **about),
        grading([0, 0], at(12), attempt="second", sitting=2, counts=False, round_number=2, **about),
    ]

    (score,) = attempt_scores(read(spark, told)).collect()

    assert (score["attempt_id"], score["percent"]) == (str(ident("third")), 75)


def test_a_sitting_that_an_earlier_week_beats_is_left_out(spark: SparkSession) -> None:
    worse = grading([0, 0], at(9), attempt="second", student="anna", counting="best", sitting=2, counts=False)
    old = [grading([1, 1], at(9), attempt=name, student="anna") for name in ("a", "b")]

    assert attempt_scores(read(spark, [worse])).collect() == []
    assert len(attempt_scores(read(spark, old)).collect()) == 2
