"""One Spark session for the run, and a workplace of its own for each test."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from sqlalchemy import create_engine

from batch.job_settings import JobSettings
from batch.spark_session import open_session
from batch.workplace import Workplace
from schema.db.tables.analytics import AnalyticsTable

SETTINGS = JobSettings(_env_file=None, master="local[1]", shuffle_partitions=1, driver_memory="1g")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = open_session("tests", SETTINGS)
    session.conf.set(
        "spark.sql.codegen.wholeStage", "false"
    )  # compiling costs more than running on this data
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def _vendors_warnings() -> Iterator[None]:
    """Spark says of each table made from Python rows that it does not know pandas 3 yet; no rows go through pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        yield


@pytest.fixture
def place(spark: SparkSession, tmp_path: Path) -> Workplace:
    database = tmp_path / "analytics.sqlite3"
    engine = create_engine(f"sqlite:///{database}")
    AnalyticsTable.metadata.create_all(engine)
    engine.dispose()
    lake = tmp_path / "lake"
    lake.mkdir()
    return Workplace(spark, lake.as_uri(), f"sqlite+aiosqlite:///{database}", SETTINGS)
