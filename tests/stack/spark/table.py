"""What the jobs left in an analytics database, without the time when they did."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from schema.db.tables.analytics import (
    AnalyticsTable,
    AnomalyDay,
    CohortMonth,
    ExamWeek,
    ItemWeek,
    JobRun,
    ScoreBucket,
    StudentMonth,
)

RESULTS: tuple[type[AnalyticsTable], ...] = (
    AnomalyDay,
    ExamWeek,
    ScoreBucket,
    ItemWeek,
    StudentMonth,
    CohortMonth,
)

Rows = list[dict[str, Any]]


async def results_in(address: str) -> dict[str, Rows]:
    """Every result row by its table's name, figures rounded to what sums of binary fractions can promise."""
    found = {table.__tablename__: await rows_in(address, table) for table in RESULTS}
    return {name: sorted(map(_plain, rows), key=repr) for name, rows in found.items()}


async def runs_in(address: str) -> dict[str, dict[str, Any]]:
    """What the jobs wrote of their own runs, by the job's name."""
    return {row["job"]: row for row in await rows_in(address, JobRun)}


async def rows_in(address: str, table: type[AnalyticsTable]) -> Rows:
    engine = create_async_engine(address)
    async with engine.connect() as connection:
        found = (await connection.execute(select(table.__table__))).mappings().all()
    await engine.dispose()
    return [dict(row) for row in found]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 9) if isinstance(value, float) else value
        for name, value in row.items()
        if name != "computed_at"
    }
