"""The real jobs of spark-jobs/batch as processes of their own, and what they left in lake and database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, select

from batch.period import Period
from bench.jobs.lake_file import period_of
from bench.jobs.outcome import TABLES, Outcome
from schema.db.tables.analytics import AnalyticsTable, JobRun

SCRIPTS = {"daily": "daily_anomaly_aggregation", "weekly": "weekly_grade_analytics"}
ROOT = Path(__file__).parents[2]
_COUNTS = ("lines_read", "lines_quarantined", "duplicates", "late_events")


def database_of(place: Path) -> str:
    """The analytics database that the jobs write to, made if it is not there."""
    file = place / "db" / "analytics.sqlite3"
    file.parent.mkdir(exist_ok=True)
    engine = create_engine(f"sqlite:///{file}")
    AnalyticsTable.metadata.create_all(engine)
    engine.dispose()
    return str(file)


def command(job: str, place: Path, memory: str) -> tuple[list[str], dict[str, str]]:
    """The job's command line and surroundings. The days before are left out: they have no files."""
    database_of(place)
    script = ROOT / "spark-jobs" / "batch" / f"{SCRIPTS[job]}.py"
    surroundings = {
        "VAR_DIR": str(place),
        "DATABASE_URL": "",  # SQLite below VAR_DIR
        "SPARK_MASTER": "local[2]",
        "SPARK_DRIVER_MEMORY": memory,
        "SPARK_LAKE_URL": (place / "lake").as_uri(),
        "SPARK_REFRESH_DAYS": "0",
        "SPARK_LOCAL_DIRS": str(place / "spark"),
    }
    return [sys.executable, str(script), f"{period_of(job).start}"], surroundings


def outcome(job: str, place: Path) -> Outcome:
    """What the last run of the job left below `place`."""
    return left(job, place / "lake", database_of(place))


def left(job: str, lake: Path, database: str) -> Outcome:
    """What a run left in a lake and in a SQLite file."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        runs = select(*(JobRun.__table__.c[name] for name in _COUNTS)).where(JobRun.job == SCRIPTS[job])
        (tally,) = [dict(row) for row in connection.execute(runs).mappings()]
        tables = {
            table.__tablename__: [
                _plain(row) for row in connection.execute(select(table.__table__)).mappings()
            ]
            for table in TABLES[job]
        }
    engine.dispose()
    return Outcome(tally, list(_quarantined(lake, SCRIPTS[job], period_of(job))), tables)


def _quarantined(lake: Path, job: str, period: Period) -> Iterator[str]:
    folder = lake / "quarantine" / job / f"{period.start:%Y/%m}" / f"{period.start:%Y-%m-%d}"
    for file in folder.glob("*.json"):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["line"]


def _plain(row: Any) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}
