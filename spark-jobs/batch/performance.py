"""Performance and its trend per student and cohort: pure transforms over the attempt scores of two months."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

FEWEST = 5  # students of a cohort below which its figures would tell about single people


def student_performance(scores: DataFrame, scores_before: DataFrame) -> DataFrame:
    """One row per student of this month; `trend` is the mean's change in points, null without a month before."""
    now = scores.groupBy("student_id").agg(
        F.count("*").alias("attempts"),
        F.avg("percent").alias("mean_percent"),
        F.count_if("passed").alias("passed"),
    )
    before = scores_before.groupBy("student_id").agg(F.avg("percent").alias("mean_before"))
    both = now.join(before, "student_id", "left")
    return both.withColumn("trend", F.col("mean_percent") - F.col("mean_before")).drop("mean_before")


def cohort_performance(scores: DataFrame, scores_before: DataFrame) -> DataFrame:
    """One row per cohort of this month; attempts without a cohort are in none.

    With fewer than FEWEST students every figure is null. A trend against such a month is null as well:
    with this month's mean it would give away that month's.
    """
    now, before = _by_cohort(scores), _by_cohort(scores_before)
    enough = before.where(F.col("students") >= FEWEST)
    both = now.join(
        enough.select("cohort_id", F.col("mean_percent").alias("mean_before")), "cohort_id", "left"
    )
    trend = F.col("mean_percent") - F.col("mean_before")
    return both.select(
        "cohort_id",
        (F.col("students") < FEWEST).alias("suppressed"),
        *(_shown(F.col(name)).alias(name) for name in ("students", "attempts", "mean_percent", "pass_rate")),
        _shown(trend).alias("trend"),
    )


def _by_cohort(scores: DataFrame) -> DataFrame:
    cohorts = scores.where("cohort_id IS NOT NULL").groupBy("cohort_id")
    return cohorts.agg(
        F.count_distinct("student_id").alias("students"),
        F.count("*").alias("attempts"),
        F.avg("percent").alias("mean_percent"),
        F.avg(F.col("passed").cast("double")).alias("pass_rate"),
    )


def _shown(figure: Column) -> Column:
    return F.when(F.col("students") >= FEWEST, figure)
