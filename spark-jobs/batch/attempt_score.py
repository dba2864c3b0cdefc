"""Attempts with their marks, from `grading_completed`: pure transforms."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from schema.sitting.rule import Counting


def attempt_scores(gradings: DataFrame) -> DataFrame:
    """One row per student and exam: the sitting that counts by the exam's rule, from its last round among these events.

    None for a student of whom these events tell only sittings that do not count, since an earlier one does. Events
    from before exams had such a rule count one by one.
    Columns attempt_id, exam_id, student_id, cohort_id, percent (0 to 100), passed, items.
    """
    last = Window.partitionBy("attempt_id").orderBy(
        F.desc("data.round_number"), F.desc("happened_at"), F.desc("sequence")
    )
    rounds = gradings.withColumn("place", F.row_number().over(last)).where("place = 1")
    scores = rounds.select(
        "attempt_id", "exam_id", "student_id", "cohort_id", "happened_at",
        F.col("data.percent").cast("double").alias("percent"),
        F.col("data.passed").alias("passed"),
        F.col("data.items").alias("items"),
        *(F.col(f"data.{name}").alias(name) for name in ("counting", "sitting", "counts")),
    )  # fmt: skip
    return _that_count(scores).drop(
        "happened_at", "counting", "sitting", "counts", "rule", "any_counts", "rank"
    )


def _that_count(scores: DataFrame) -> DataFrame:
    """The rule is that of the sitting that was told of last; of equally good ones the first counts."""
    of_student = Window.partitionBy("exam_id", "student_id")
    newest = of_student.orderBy(F.desc("sitting")).rowsBetween(
        Window.unboundedPreceding, Window.unboundedFollowing
    )
    ruled = scores.withColumn("rule", F.first("counting").over(newest)).withColumn(
        "any_counts", F.max(F.coalesce("counts", F.lit(False))).over(of_student)
    )
    merit = (
        F.when(F.col("rule") == Counting.BEST.value, F.col("percent"))
        .when(F.col("rule") == Counting.LAST.value, F.col("sitting"))
        .otherwise(-F.col("sitting"))
    )
    has_rule = F.col("counting").isNotNull()
    best_first = Window.partitionBy("exam_id", "student_id", has_rule).orderBy(
        F.desc(merit), F.asc("sitting"), F.asc("attempt_id")
    )
    ranked = ruled.withColumn("rank", F.row_number().over(best_first))
    return ranked.where(~has_rule | (F.col("any_counts") & (F.col("rank") == 1)))


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
