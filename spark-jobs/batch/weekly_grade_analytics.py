"""Weekly: score distributions, pass rates, item difficulty and discrimination, Cronbach's alpha, time per question."""

from datetime import date

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from batch.attempt_score import attempt_scores, item_scores
from batch.command import start, tell
from batch.event_check import within
from batch.intake import Tally
from batch.item_analysis import exam_reliability, item_figures
from batch.period import Period, week_of
from batch.score_distribution import exam_figures, score_buckets
from batch.workplace import Results, Workplace, opened
from schema.db.tables.analytics import ExamWeek, ItemWeek, ScoreBucket
from schema.events import Topic

JOB = "weekly_grade_analytics"
FOLDER = "grading_results"


def grade_analytics(gradings: DataFrame) -> Results:
    """The tables of one week's sound `grading_completed` events."""
    scores = attempt_scores(gradings).persist(StorageLevel.DISK_ONLY)  # every table begins with it
    items = item_scores(scores)
    exams = exam_figures(scores).join(exam_reliability(items), "exam_id", "left")
    return {
        ExamWeek: exams.withColumn("items", F.coalesce("items", F.lit(0))),
        ScoreBucket: score_buckets(scores),
        ItemWeek: item_figures(items),
    }


def run(place: Workplace, week: Period) -> Tally:
    """Compute one week and replace what stood there for it."""
    gradings = place.take_in(Topic.GRADING_COMPLETED, week)
    results = grade_analytics(within(gradings.events, week))
    return place.hand_out(JOB, FOLDER, week, results, [gradings])


def main(day: date) -> None:
    """Compute the week (Sunday to Saturday) that the day is in."""
    week = week_of(day)
    with opened(JOB) as place:
        tell(JOB, week, run(place, week))


if __name__ == "__main__":
    start(main)
