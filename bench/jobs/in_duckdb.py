"""The jobs' results by DuckDB alone: `python -m bench.jobs.in_duckdb daily LAKE OUTCOME MEMORY`."""

import sys
from datetime import date
from pathlib import Path

import duckdb

from bench.jobs.lake_file import period_of, topics_of
from bench.jobs.outcome import TABLES, Outcome, figures_of, keys_of
from schema.events import Topic

HERE = Path(__file__).parent
_NAMES = {
    Topic.ANOMALY_DETECTED: ("anomalies", "anomaly_files"),
    Topic.REVIEW_DECIDED: ("reviews", "review_files"),
    Topic.GRADING_COMPLETED: ("gradings", "grading_files"),
}


def compute(job: str, lake: Path, memory: str = "4GB") -> Outcome:
    """Read the lake's files and compute what the job computes, on two cores."""
    scratch = lake.parent / "duckdb"
    connection = duckdb.connect()
    limits = {"threads": 2, "memory_limit": memory, "temp_directory": str(scratch)}
    for name, value in {**limits, "preserve_insertion_order": False}.items():
        connection.execute(f"SET {name} = '{value}'")
    period, topics = period_of(job), topics_of(job, lake)
    named = {_NAMES[topic][1]: [str(file) for file in files] for topic, files in topics.items()}
    for name, value in {**named, "first_day": period.start, "end_day": period.end}.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    for script in ("event", job):
        connection.execute((HERE / f"{script}.sql").read_text(encoding="utf-8"))
    return _outcome(connection, job, list(topics), period.start, period.end)


def _outcome(
    connection: duckdb.DuckDBPyConnection, job: str, topics: list[Topic], first: date, end: date
) -> Outcome:
    tally: dict[str, int] = {}
    quarantine: list[str] = []
    for events in (_NAMES[topic][0] for topic in topics):
        counts = connection.table_function("tally", [events, first, end])
        for name, count in zip(counts.columns, counts.fetchall()[0], strict=True):
            tally[name] = tally.get(name, 0) + count
        quarantine += [line for (line,) in connection.table_function("bad", [events, first, end]).fetchall()]
    tables = {}
    for table in TABLES[job]:
        names = [*keys_of(table), *figures_of(table)]
        rows = connection.table(table.__tablename__).select(*names).fetchall()
        tables[table.__tablename__] = [dict(zip(names, row, strict=True)) for row in rows]
    return Outcome(tally, quarantine, tables)


if __name__ == "__main__":
    job, lake, outcome, memory = sys.argv[1:]
    compute(job, Path(lake), memory).write(Path(outcome))
