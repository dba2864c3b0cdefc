"""What a job found, whoever computed it, and whether two found the same: counts exactly, figures within 1e-9."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from schema.db.tables.analytics import AnalyticsTable, AnomalyDay, ExamWeek, ItemWeek, ScoreBucket

TABLES: dict[str, tuple[type[AnalyticsTable], ...]] = {
    "daily": (AnomalyDay,),
    "weekly": (ExamWeek, ScoreBucket, ItemWeek),
}
CLOSE = 1e-9
_STAMP = {"period_start", "computed_at"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`tally` as in job_run; `quarantine` the bad lines of the period's files; `tables` the result rows."""

    tally: Mapping[str, int]
    quarantine: Sequence[str]
    tables: Mapping[str, Sequence[Row]]

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), default=str), encoding="utf-8")


def differences(job: str, one: Outcome, other: Outcome) -> list[str]:
    """What differs, in words; empty when both say the same."""
    found = [] if one.tally == other.tally else [f"tally {dict(one.tally)} against {dict(other.tally)}"]
    if sorted(one.quarantine) != sorted(other.quarantine):
        found.append(f"{len(one.quarantine)} bad lines against {len(other.quarantine)}, or other ones")
    for table in TABLES[job]:
        found += _rows_that_differ(table, one.tables[table.__tablename__], other.tables[table.__tablename__])
    return found


def keys_of(table: type[AnalyticsTable]) -> list[str]:
    """The columns that name a row within its period."""
    return [column.name for column in table.__table__.primary_key if column.name not in _STAMP]


def figures_of(table: type[AnalyticsTable]) -> list[str]:
    """The columns that say something of it."""
    return [column.name for column in table.__table__.c if column.name not in {*keys_of(table), *_STAMP}]


def _rows_that_differ(table: type[AnalyticsTable], some: Sequence[Row], others: Sequence[Row]) -> list[str]:
    mine, theirs = _by_key(table, some), _by_key(table, others)
    name, lonely = table.__tablename__, mine.keys() ^ theirs.keys()
    found = [f"{name}: only one of them has {key}" for key in sorted(lonely)]
    for key in mine.keys() & theirs.keys():
        found += [
            f"{name} {key} {figure}: {mine[key][figure]} against {theirs[key][figure]}"
            for figure in figures_of(table)
            if not _same(mine[key][figure], theirs[key][figure])
        ]
    return found


def _by_key(table: type[AnalyticsTable], rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    return {tuple(str(row[key]) for key in keys_of(table)): row for row in rows}


def _same(one: float | None, other: float | None) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return one == other
