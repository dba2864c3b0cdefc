"""A day's incidents by exam, kind, severity and hour, and what reviews made of them: pure transforms."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from schema.review import IncidentRuling, IntegrityOutcome, ReviewKind


def incident_tally(anomalies: DataFrame, reviews: DataFrame) -> DataFrame:
    """One row per exam, kind, severity and hour (UTC) of sound `anomaly_detected` events.

    `reviews` are sound `review_decided` events; of several about one thing the last one counts.
    """
    incidents = anomalies.select(
        "attempt_id", "exam_id", "data.incident_id", "data.kind", "data.severity", "data.confidence",
        F.hour("happened_at").alias("hour"),
    )  # fmt: skip
    known = incidents.join(last_outcomes(reviews), "attempt_id", "left")
    known = known.join(last_rulings(reviews), ["attempt_id", "incident_id"], "left")
    counted = known.groupBy("exam_id", "kind", "severity", "hour").agg(
        F.count("*").alias("incidents"),
        F.avg("confidence").alias("mean_confidence"),
        F.count("outcome").alias("reviewed"),
        F.count_if(F.col("outcome") == IntegrityOutcome.CLEARED.value).alias("cleared"),
        F.count("ruling").alias("ruled"),
        F.count_if(F.col("ruling") == IncidentRuling.NOT_AN_INCIDENT.value).alias("false_positives"),
    )
    return counted.withColumns(
        {
            "share_cleared": _share("cleared", "reviewed"),
            "false_positive_rate": _share("false_positives", "ruled"),
        }
    )


def last_outcomes(reviews: DataFrame) -> DataFrame:
    """attempt_id and the outcome of its last integrity decision."""
    last = _last(_integrity(reviews), "attempt_id")
    return last.select("attempt_id", F.col("data.outcome").alias("outcome"))


def last_rulings(reviews: DataFrame) -> DataFrame:
    """attempt_id, incident_id and what was said of it last."""
    one = F.explode("data.rulings").alias("one")
    each = _integrity(reviews).select("attempt_id", "happened_at", "sequence", one)
    named = each.select("attempt_id", "happened_at", "sequence", "one.incident_id", "one.ruling")
    return _last(named, "attempt_id", "incident_id").select("attempt_id", "incident_id", "ruling")


def _integrity(reviews: DataFrame) -> DataFrame:
    return reviews.where(F.col("data.kind") == ReviewKind.INTEGRITY.value)


def _last(rows: DataFrame, *keys: str) -> DataFrame:
    latest = Window.partitionBy(*keys).orderBy(F.desc("happened_at"), F.desc("sequence"))
    return rows.withColumn("place", F.row_number().over(latest)).where("place = 1").drop("place")


def _share(part: str, whole: str) -> Column:
    return F.when(F.col(whole) > 0, F.col(part) / F.col(whole))
