"""Generated events are the product's, and the job, pandas and DuckDB find the same in them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from batch.daily_anomaly_aggregation import run as run_day
from batch.weekly_grade_analytics import run as run_week
from batch.workplace import Workplace
from bench.jobs import in_duckdb, in_pandas, in_spark
from bench.jobs.event_load import write_load
from bench.jobs.lake_file import period_of
from bench.jobs.outcome import Outcome, differences
from tests.spark.telling import lake_of

RUNS = {"daily": run_day, "weekly": run_week}


@pytest.mark.parametrize("job", RUNS)
def test_the_job_pandas_and_duckdb_find_the_same(place: Workplace, job: str) -> None:
    lake = lake_of(place)
    write_load(lake, job, 20_000, exams=12)

    RUNS[job](place, period_of(job))
    by_spark = in_spark.left(job, lake, place.database_url.removeprefix("sqlite+aiosqlite:///"))

    assert min(by_spark.tally.values()) > 0  # there were duplicates, late and bad lines
    assert differences(job, by_spark, in_duckdb.compute(job, lake)) == []
    assert differences(job, by_spark, in_pandas.compute(job, lake, whole=True)) == []
    assert differences(job, by_spark, in_pandas.compute(job, lake, whole=False)) == []


def test_a_difference_is_told(tmp_path: Path) -> None:
    write_load(tmp_path / "lake", "weekly", 2_000, exams=3)
    right = in_duckdb.compute("weekly", tmp_path / "lake")
    tables = json.loads(json.dumps(right.tables, default=str))
    tables["exam_week"][0]["attempts"] += 1
    tables["exam_week"][1]["mean_percent"] += 1e-6
    tables["score_bucket"].pop()

    found = differences("weekly", right, replace(right, tables=tables))

    assert len(found) == 3
    assert differences("weekly", right, right) == []
    assert differences("weekly", right, Outcome({**right.tally, "lines_read": 0}, [], right.tables)) != []


def test_the_same_seed_writes_the_same_events(tmp_path: Path) -> None:
    loads = [tmp_path / name for name in ("one", "two", "other")]
    for lake, seed in zip(loads, (1, 1, 2), strict=True):
        write_load(lake, "daily", 2_000, seed=seed)

    one, two, other = (
        [file.read_text(encoding="utf-8") for file in sorted(lake.rglob("*.jsonl"))] for lake in loads
    )

    assert one == two
    assert one != other
