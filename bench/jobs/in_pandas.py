"""The jobs' results by pandas: `python -m bench.jobs.in_pandas daily LAKE OUTCOME whole|chunks`."""

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from bench.jobs.lake_file import period_of, topics_of
from bench.jobs.outcome import TABLES, Outcome, figures_of, keys_of
from bench.jobs.pandas_intake import Reader, happened_in
from schema.events import Topic

_HOUR = 3_600_000_000  # microseconds
NO_SPREAD = 1e-9


def compute(job: str, lake: Path, *, whole: bool) -> Outcome:
    """Read the lake's files and compute what the job computes, in one thread."""
    reader = Reader(whole)
    tables = (_daily if job == "daily" else _weekly)(reader, topics_of(job, lake))
    plain = {table.__tablename__: _plain(reader, tables[table.__tablename__], table) for table in TABLES[job]}
    return Outcome(reader.tally, reader.quarantine, plain)


def _daily(reader: Reader, files: dict[Topic, list[Path]]) -> dict[str, pd.DataFrame]:
    period = period_of("daily")
    anomalies, _ = reader.read(Topic.ANOMALY_DETECTED, files[Topic.ANOMALY_DETECTED], period)
    anomalies = anomalies[happened_in(anomalies, period)]
    anomalies = anomalies.drop(columns=["sequence", "row", "file_day"])
    reviews, rulings = reader.read(Topic.REVIEW_DECIDED, files[Topic.REVIEW_DECIDED], period)
    reviews = reviews[reviews["kind"] == reader.code("kind", "integrity")]
    reviews = reviews.sort_values(["happened", "sequence"])
    attempt, incident = reader.key("attempt_id"), reader.key("incident_id")
    outcomes = reviews.drop_duplicates(attempt, keep="last")[[*attempt, "outcome"]]
    each = reviews[[*attempt, "row"]].merge(rulings, on="row")  # in the order of the reviews
    last = each.drop_duplicates([*attempt, *incident], keep="last")[[*attempt, *incident, "ruling"]]
    anomalies["hour"] = (anomalies.pop("happened") // _HOUR % 24).astype("int16")
    known = anomalies.merge(outcomes, on=attempt, how="left").merge(
        last, on=[*attempt, *incident], how="left"
    )
    known["is_cleared"] = known["outcome"] == reader.code("outcome", "cleared")
    known["is_false"] = known["ruling"] == reader.code("ruling", "not_an_incident")
    rows = known.groupby(["exam_id", "kind", "severity", "hour"], sort=False).agg(
        incidents=("confidence", "size"),
        mean_confidence=("confidence", "mean"),
        reviewed=("outcome", "count"),
        cleared=("is_cleared", "sum"),
        ruled=("ruling", "count"),
        false_positives=("is_false", "sum"),
    )
    rows["share_cleared"] = rows["cleared"] / rows["reviewed"].where(rows["reviewed"] > 0)
    rows["false_positive_rate"] = rows["false_positives"] / rows["ruled"].where(rows["ruled"] > 0)
    return {"anomaly_day": rows.reset_index()}


def _weekly(reader: Reader, files: dict[Topic, list[Path]]) -> dict[str, pd.DataFrame]:
    period = period_of("weekly")
    gradings, items = reader.read(Topic.GRADING_COMPLETED, files[Topic.GRADING_COMPLETED], period)
    gradings = gradings[happened_in(gradings, period)]
    gradings = gradings.sort_values(["round_number", "happened", "sequence"])
    scores = gradings.drop_duplicates(reader.key("attempt_id"), keep="last")[
        ["row", "exam_id", "percent", "passed"]
    ]
    items = items.merge(scores[["row", "exam_id"]], on="row")
    for name in ("earned", "points", "seconds"):
        items[name] = items[name].astype("float64")
    items["rest"] = items.groupby("row")["earned"].transform("sum") - items["earned"]
    item_week = _items(items)
    exams = _exams(scores).join(_reliability(items, item_week), how="left")
    tens = (scores["percent"] // 10 * 10).clip(0, 90).astype("int64")
    buckets = scores.groupby(["exam_id", tens.rename("from_percent")]).size().rename("attempts")
    return {
        "exam_week": exams.assign(items=exams["items"].fillna(0).astype("int64")).reset_index(),
        "score_bucket": buckets.reset_index(),
        "item_week": item_week.reset_index(),
    }


def _exams(scores: pd.DataFrame) -> pd.DataFrame:
    exams = scores.groupby("exam_id").agg(
        attempts=("percent", "size"),
        mean_percent=("percent", "mean"),
        median_percent=("percent", "median"),
        deviation=("percent", "std"),
        lowest_percent=("percent", "min"),
        highest_percent=("percent", "max"),
        passed=("passed", "sum"),
    )
    return exams.assign(pass_rate=exams["passed"] / exams["attempts"])


def _items(items: pd.DataFrame) -> pd.DataFrame:
    items["share"] = (items["earned"] / items["points"]).where(items["points"] != 0)
    keys = ["exam_id", "question_id"]
    by_item = items.groupby(keys)
    figures = by_item.agg(
        answers=("earned", "size"),
        difficulty=("share", "mean"),
        own=("earned", "std"),
        others=("rest", "std"),
        variance=("earned", "var"),
        mean_seconds=("seconds", "mean"),
        median_seconds=("seconds", "median"),
    )
    beside = by_item[["earned", "rest"]].transform("mean")
    product = (items["earned"] - beside["earned"]) * (items["rest"] - beside["rest"])
    together = product.groupby([items[key] for key in keys]).sum() / (figures["answers"] - 1)
    spread = (figures["own"] > NO_SPREAD) & (figures["others"] > NO_SPREAD)
    return figures.assign(discrimination=(together / (figures["own"] * figures["others"])).where(spread))


def _reliability(items: pd.DataFrame, item_week: pd.DataFrame) -> pd.DataFrame:
    parts = item_week.groupby("exam_id").agg(
        items=("answers", "size"), parts=("variance", "sum"), answers=("answers", "sum")
    )
    totals = items.groupby(["exam_id", "row"])["earned"].sum().groupby("exam_id").agg(["var", "size"])
    k = parts["items"]
    measurable = (k > 1) & (totals["var"] > NO_SPREAD**2) & (parts["answers"] == k * totals["size"])
    alpha = k / (k - 1) * (1 - parts["parts"] / totals["var"])
    return pd.DataFrame({"items": k, "alpha": alpha.where(measurable)})


def _plain(reader: Reader, rows: pd.DataFrame, table: Any) -> list[dict[str, Any]]:
    for name in ("exam_id", "question_id", "kind", "severity"):
        if name in rows:
            rows[name] = reader.words(name, rows[name])
    shown = rows[[*keys_of(table), *figures_of(table)]].astype("object")
    records = shown.where(shown.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in records]


if __name__ == "__main__":
    job, lake, outcome, way = sys.argv[1:]
    compute(job, Path(lake), whole=way == "whole").write(Path(outcome))
