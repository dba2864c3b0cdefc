"""Attempts with their marks, from `grading_completed`: pure transforms."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def attempt_scores(gradings: DataFrame) -> DataFrame:
    """One row per attempt, from its last round among these events.

    Columns attempt_id, exam_id, student_id, cohort_id, percent (0 to 100), passed, items.
    """
    last = Window.partitionBy("attempt_id").orderBy(
        F.desc("data.round_number"), F.desc("happened_at"), F.desc("sequence")
    )
    rounds = gradings.withColumn("place", F.row_number().over(last)).where("place = 1")
    return rounds.select(
        "attempt_id", "exam_id", "student_id", "cohort_id",
        F.col("data.percent").cast("double").alias("percent"),
        F.col("data.passed").alias("passed"),
        F.col("data.items").alias("items"),
    )  # fmt: skip


def item_scores(scores: DataFrame) -> DataFrame:
    """One row per attempt and question: attempt_id, exam_id, question_id, earned, points, seconds (or null).

    `place` is the question's in the attempt, from 0, and `total` what the whole attempt earned.
    """
    earned = F.transform("items", lambda item: item.earned.cast("double"))
    total = F.aggregate(earned, F.lit(0.0), lambda sum_so_far, one: sum_so_far + one)
    each = scores.select(
        "attempt_id", "exam_id", total.alias("total"), F.posexplode("items").alias("place", "item")
    )
    return each.select(
        "attempt_id", "exam_id", "total", "place", "item.question_id",
        F.col("item.earned").cast("double").alias("earned"),
        F.col("item.points").cast("double").alias("points"),
        F.col("item.seconds").cast("double").alias("seconds"),
    )  # fmt: skip
