"""Difficulty, discrimination and time of each question, and an exam's reliability: pure transforms over item scores."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

NO_SPREAD = 1e-9  # sums of binary fractions of equal scores differ by less


def item_figures(items: DataFrame) -> DataFrame:
    """One row per exam and question.

    difficulty: mean of earned/points, null where the question has no points.
    discrimination: Pearson's correlation of earned with the rest of the attempt's total (for right/wrong
    questions the corrected point-biserial); null for fewer than two attempts or without spread.
    """
    beside = items.withColumn("rest", F.col("total") - F.col("earned"))
    figures = beside.groupBy("exam_id", "question_id").agg(
        F.count("*").alias("answers"),
        F.avg(F.when(F.col("points") != 0, F.col("earned") / F.col("points"))).alias("difficulty"),
        F.covar_samp("earned", "rest").alias("together"),
        F.stddev_samp("earned").alias("own"),
        F.stddev_samp("rest").alias("others"),
        F.avg("seconds").alias("mean_seconds"),
        F.median("seconds").alias("median_seconds"),
    )
    spread = (F.col("own") > NO_SPREAD) & (F.col("others") > NO_SPREAD)
    correlation = F.when(spread, F.col("together") / (F.col("own") * F.col("others")))
    return figures.withColumn("discrimination", correlation).drop("together", "own", "others")


def exam_reliability(items: DataFrame) -> DataFrame:
    """exam_id, items (different questions) and alpha (Cronbach's, from sample variances).

    alpha is null for fewer than two questions or attempts, without spread of the totals, and where attempts
    do not all have the same questions (drawn from a pool): their variances are not of one test.
    """
    by_item = items.groupBy("exam_id", "question_id").agg(
        F.var_samp("earned").alias("variance"), F.count("*").alias("answers")
    )
    parts = by_item.groupBy("exam_id").agg(
        F.count("*").alias("items"), F.sum("variance").alias("parts"), F.sum("answers").alias("answers")
    )
    attempts = items.where("place = 0").groupBy("exam_id")
    whole = attempts.agg(F.var_samp("total").alias("whole"), F.count("*").alias("attempts"))
    k = F.col("items")
    alpha = k / (k - 1) * (1 - F.col("parts") / F.col("whole"))
    same_test = F.col("answers") == k * F.col("attempts")
    measurable = (k > 1) & (F.col("whole") > NO_SPREAD**2) & same_test
    both = parts.join(whole, "exam_id")
    return both.select("exam_id", "items", F.when(measurable, alpha).alias("alpha"))
