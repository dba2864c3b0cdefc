"""What keeps a job from its work is said in one sentence that names the setting, with exit code 1."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from schema.db.tables.analytics import AnalyticsTable
from tests.stack.galera.cluster import Cluster
from tests.stack.spark.job import Bench

NOWHERE = "127.0.0.1:9"
DAILY = "spark-jobs/batch/daily_anomaly_aggregation.py"
STREAM = "spark-jobs/streaming/kafka_to_lake.py"


@pytest.fixture
def alone(bench: Bench, tmp_path: Path) -> Bench:
    """A job that lacks nothing: in its own process, on a folder and an SQLite file with the jobs' tables."""
    (tmp_path / "db").mkdir()

    async def make() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'db' / 'analytics.sqlite3'}")
        async with engine.begin() as connection:
            await connection.run_sync(AnalyticsTable.metadata.create_all)
        await engine.dispose()

    asyncio.run(make())
    return Bench(tmp_path, {**bench.settings, "VAR_DIR": str(tmp_path), "SPARK_MASTER": "local[1]"})


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"SPARK_MASTER": f"spark://{NOWHERE}"},
            f"no Spark master answers at spark://{NOWHERE} (SPARK_MASTER)",
        ),
        (
            {"SPARK_MASTER": "sparkle"},
            "SPARK_MASTER=sparkle is no master; write local[2] or spark://host:7077",
        ),
        ({"SPARK_LAKE_URL": f"hdfs://{NOWHERE}/lake"}, f"no name node answers at {NOWHERE} (SPARK_LAKE_URL="),
        ({"SPARK_LATE_DAYS": "many"}, "SPARK_LATE_DAYS: Input should be a valid integer"),
        ({"SPARK_OPTIONS": "fast"}, "write objects as JSON"),
        ({"VAR_DIR": "elsewhere"}, "the analytics database has no tables for the jobs"),
        (
            {"USE_LOCAL_STORAGE": "false", "HDFS_URL": f"http://{NOWHERE}"},
            "USE_LOCAL_STORAGE=false, but SPARK_LAKE_URL is empty",
        ),
    ],
)
def test_a_setting_that_leads_nowhere_is_named(alone: Bench, settings: dict[str, str], sentence: str) -> None:
    job = alone.start(DAILY, "2026-11-18", **settings)

    assert job.wait() == 1
    assert sentence in job.said.splitlines()[-1]
    assert "Traceback" not in job.said
    assert "\tat " not in job.said


@pytest.mark.parametrize(
    ("account", "host", "sentence"),
    [
        ("proctorwise:wrong-one", "", "correct the password of account proctorwise"),
        ("proctorwise:wrong-one", NOWHERE, "the analytics database (DATABASE_URL) does not answer"),
    ],
    ids=["password", "host"],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    alone: Bench, galera: Cluster, account: str, host: str, sentence: str
) -> None:
    where = host or f"127.0.0.1:{galera.port(1)}"

    job = alone.start(DAILY, "2026-11-18", DATABASE_URL=f"mysql+aiomysql://{account}@{where}/{{schema}}")

    assert job.wait() == 1
    assert sentence in job.said.splitlines()[-1]
    assert "wrong-one" not in job.said
    assert "Traceback" not in job.said


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"KAFKA_BOOTSTRAP": NOWHERE}, f"no broker answers at {NOWHERE} (KAFKA_BOOTSTRAP)"),
        ({}, "KAFKA_BOOTSTRAP is empty"),
    ],
)
def test_a_stream_without_its_broker_says_so(alone: Bench, settings: dict[str, str], sentence: str) -> None:
    job = alone.start(STREAM, "--available-now", **settings)

    assert job.wait() == 1
    assert sentence in job.said.splitlines()[-1]
    assert "Traceback" not in job.said


def test_a_cluster_that_lends_nothing_is_not_waited_for_forever(alone: Bench, bench: Bench) -> None:
    master = {"SPARK_MASTER": bench.settings["SPARK_MASTER"], "SPARK_EXECUTOR_MEMORY": "64g"}

    job = alone.start(DAILY, "2026-11-18", SPARK_WORKER_WAIT="PT3S", **master)

    assert job.wait() == 1
    assert "lent a core and 64g within 0:00:03" in job.said.splitlines()[-1]
