"""Generated events in the lake's layout: the same for the same seed; some stand there twice, late or spoilt.

DuckDB writes them column by column from the text templates of event_load.sql: hundreds of thousands a second.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

from schema.event_model import checked_event
from schema.events import Topic

DAY = date(2026, 11, 18)  # of the daily job; a Wednesday
WEEK = date(2026, 11, 15)  # of the weekly one; the Sunday before
SQL = Path(__file__).with_name("event_load.sql")
LINES_A_FILE = 500_000
SPOILT_IN = 2000
SAMPLE = 200  # events of each topic that are held against the product's own shape
NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Sheaf:
    """So many events of a topic, dealt out to the files of the days from the first one on in these parts."""

    topic: Topic
    first_day: date
    events: int
    parts: tuple[int, ...]

    @property
    def bounds(self) -> list[int]:
        """The number of each day's first event, and of the one after the last."""
        return [self.events * sum(self.parts[:day]) // sum(self.parts) for day in range(len(self.parts) + 1)]

    def files(self, lake: Path) -> Iterator[tuple[Path, int, int]]:
        """Each file with the numbers of its first event and of the one after its last."""
        for day, (first, end) in enumerate(pairwise(self.bounds)):
            folder = lake / f"raw/events/{self.topic}/{self.first_day + timedelta(days=day):%Y/%m/%d}"
            for start in range(first, end, LINES_A_FILE):
                yield folder / f"events-{start:09}.jsonl", start, min(start + LINES_A_FILE, end)


def sheaves(job: str, events: int) -> list[Sheaf]:
    """What a job reads of a load of so many events: 7 in 10 are incidents, 1 is a review, 2 are gradings."""
    if job == "daily":
        return [
            Sheaf(Topic.ANOMALY_DETECTED, DAY, events * 7 // 10, (96, 3, 1)),
            Sheaf(Topic.REVIEW_DECIDED, DAY, events // 10, (30, 20, 10, 10, 10, 5, 5, 5, 3, 2)),
        ]
    return [Sheaf(Topic.GRADING_COMPLETED, WEEK, events * 2 // 10, (14, 14, 14, 14, 14, 14, 14, 2))]


def write_load(lake: Path, job: str, events: int, *, seed: int = 20261122, exams: int = 200) -> int:
    """Replace the lake's events by those that the job reads of a load; returns the lines written."""
    shutil.rmtree(lake, ignore_errors=True)
    connection = duckdb.connect(config={"threads": 2})
    for name, value in {"seed": seed, "day": DAY, "exams": exams, "attempts": events * 7 // 40 + 1}.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    connection.execute(SQL.read_text(encoding="utf-8"))
    return sum(_write(connection, sheaf, lake) for sheaf in sheaves(job, events))


def _write(connection: duckdb.DuckDBPyConnection, sheaf: Sheaf, lake: Path) -> int:
    connection.execute("SET VARIABLE day = ?", [sheaf.first_day])
    padded = [*sheaf.bounds[:-1], *[NEVER] * 10]
    connection.execute("SET VARIABLE bounds = ?", [padded])
    connection.execute("SET VARIABLE spoilt_in = ?", [NEVER])
    _agree_with_the_product(connection, sheaf)
    connection.execute("SET VARIABLE spoilt_in = ?", [SPOILT_IN])
    for path, first, end in sheaf.files(lake):
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = connection.table_function(sheaf.topic, [first, end])
        lines.write_csv(str(path), sep="\x01", quotechar="", escapechar="", header=False)
    return sheaf.events


def _agree_with_the_product(connection: duckdb.DuckDBPyConnection, sheaf: Sheaf) -> None:
    """Raises ValueError for a template that does not write what the product would write, to the letter."""
    lines = connection.table_function(sheaf.topic, [0, min(SAMPLE, sheaf.events)])
    for (line,) in lines.fetchall():
        if checked_event(sheaf.topic, line).model_dump_json() != line:
            raise ValueError(f"not as the product writes it: {line}")
