"""How an exam's scores are distributed, and how many passed: pure transforms over attempt scores."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def exam_figures(scores: DataFrame) -> DataFrame:
    """One row per exam; `deviation` is the sample's, null for a single attempt."""
    figures = scores.groupBy("exam_id").agg(
        F.count("*").alias("attempts"),
        F.avg("percent").alias("mean_percent"),
        F.median("percent").alias("median_percent"),
        F.stddev_samp("percent").alias("deviation"),
        F.min("percent").alias("lowest_percent"),
        F.max("percent").alias("highest_percent"),
        F.count_if("passed").alias("passed"),
    )
    return figures.withColumn("pass_rate", F.col("passed") / F.col("attempts"))


def score_buckets(scores: DataFrame) -> DataFrame:
    """Attempts per exam and ten percent: `from_percent` is 0, 10, … 90; 100 counts in the last."""
    tens = (F.floor(F.col("percent") / 10) * 10).cast("int")
    bucket = F.least(F.greatest(tens, F.lit(0)), F.lit(90)).alias("from_percent")
    return scores.groupBy("exam_id", bucket).agg(F.count("*").alias("attempts"))
