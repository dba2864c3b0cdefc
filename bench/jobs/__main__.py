"""The jobs of Spark against pandas and DuckDB on the same generated events: `python -m bench.jobs --sizes 1 10 50`.

Each way is a process of its own. Prints a table and writes bench/results/jobs.json, a size at a time; fails when
two ways find different results. docs/jobs.md says what the figures mean.
"""

# ruff: noqa: T201 - a benchmark talks to people on the terminal

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.jobs import in_spark
from bench.jobs.event_load import write_load
from bench.jobs.expense import Expense, spent_on
from bench.jobs.outcome import TABLES, Outcome, differences
from bench.jobs.record import JobRecord, Record, report

WAYS = ("spark 1g", "spark 4g", "pandas whole", "pandas chunks", "duckdb")
RESULT = Path(__file__).parents[1] / "results" / "jobs.json"


def main() -> int:
    """Each size, job by job, way by way; 1 when results differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1.0], help="millions of events")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--ceiling", type=float, default=10, help="GB; who needs more is ended")
    parser.add_argument("--place", type=Path, default=Path("var/bench"), help="where events are written")
    parser.add_argument("--result", type=Path, default=RESULT)
    given = parser.parse_args()
    place = given.place.resolve()
    record, all_equal = Record.read(given.result), True
    for size in given.sizes:
        for job in TABLES:
            found = _compare(job, size, given.ways, place, int(given.ceiling * 1e9))
            record.replace(found)
            record.write(given.result)
            all_equal = all_equal and not found.differences
    print(report(record))
    return 0 if all_equal else 1


def _compare(job: str, size: float, ways: Sequence[str], place: Path, ceiling: int) -> JobRecord:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    _refuse_to_fill(place, size)
    lines = write_load(place / "lake", job, round(size * 1e6))
    volume = sum(file.stat().st_size for file in (place / "lake").rglob("*.jsonl"))
    print(f"{size:g} million events, {job}: {lines} lines, {volume / 1e9:.2f} GB", flush=True)
    record = JobRecord(
        job, size, lines, volume, datetime.now(UTC).isoformat(timespec="seconds"), os.cpu_count()
    )
    first: tuple[str, Outcome] | None = None
    for way in ways:
        command, surroundings = _command(job, way, place)
        record.load[way] = round(os.getloadavg()[0], 1)
        expense = record.ways[way] = spent_on(command, surroundings, place / f"{way}.log", ceiling)
        print(f"  {way:14} {_shown(expense)}", flush=True)
        if expense.ended:
            print((place / f"{way}.log").read_text(errors="replace")[-600:], flush=True)
            continue
        outcome = _outcome(job, way, place)
        first = first or (way, outcome)
        record.differences += [f"{first[0]}, {way}: {one}" for one in differences(job, first[1], outcome)]
    for difference in record.differences[:20]:
        print(f"  DIFFERENT {difference}", flush=True)
    shutil.rmtree(place)
    return record


def _refuse_to_fill(place: Path, size: float) -> None:
    """The events take 0.6 GB a million, and Spark and DuckDB about as much again for what they spill."""
    needed, free = size * 1.2e9, shutil.disk_usage(place).free
    if needed > free:
        raise SystemExit(
            f"{size:g} million events need {needed / 1e9:.0f} GB free at {place}, of {free / 1e9:.0f}"
        )


def _command(job: str, way: str, place: Path) -> tuple[Sequence[str], Mapping[str, str]]:
    engine, _, how = way.partition(" ")
    if engine == "spark":
        return in_spark.command(job, place, how)
    # DuckDB is told to keep to 4 GB and to spill beyond; pandas has no such thing.
    module, last = ("in_duckdb", "4GB") if engine == "duckdb" else ("in_pandas", how)
    files = str(place / "lake"), str(place / "outcome.json")
    return [sys.executable, "-m", f"bench.jobs.{module}", job, *files, last], {}


def _outcome(job: str, way: str, place: Path) -> Outcome:
    return in_spark.outcome(job, place) if way.startswith("spark") else Outcome.read(place / "outcome.json")


def _shown(expense: Expense) -> str:
    spent = f"{expense.wall:7.1f} s, processor {expense.cpu:7.1f} s, {expense.peak / 1e6:6.0f} MB"
    return f"{spent} {expense.ended}"


if __name__ == "__main__":
    sys.exit(main())
