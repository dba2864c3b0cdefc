"""Results as rows of the analytics database: a period's rows are replaced in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from batch.intake import Tally
from schema.db.session import Database
from schema.db.tables.analytics import AnalyticsTable, JobRun

Row = Mapping[str, Any]
Results = Mapping[type[AnalyticsTable], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a job found for the period that begins on a day."""

    job: str
    period_start: date
    computed_at: datetime
    tally: Tally
    results: Results


async def write_entry(address: str, entry: Entry) -> None:
    """Replace what stood there for this job and period. Raises UNAVAILABLE after several tries."""
    database = Database(address)

    async def replace(session: AsyncSession) -> None:
        await _replace_run(session, entry)
        for table, rows in entry.results.items():
            await _replace_rows(session, table, rows, entry)

    try:
        await database.run(replace)
    finally:
        await database.close()


async def _replace_run(session: AsyncSession, entry: Entry) -> None:
    same = (JobRun.job == entry.job) & (JobRun.period_start == entry.period_start)
    await session.execute(delete(JobRun).where(same))
    run = {"job": entry.job, "period_start": entry.period_start, "computed_at": entry.computed_at}
    await session.execute(insert(JobRun), [{**run, **asdict(entry.tally)}])


async def _replace_rows(
    session: AsyncSession, table: type[AnalyticsTable], rows: Sequence[Row], entry: Entry
) -> None:
    columns = table.__table__.c
    await session.execute(delete(table).where(columns.period_start == entry.period_start))
    stamp = {"period_start": entry.period_start, "computed_at": entry.computed_at}
    ids = [column.name for column in columns if isinstance(column.type, Uuid)]
    stamped = [{**row, **{name: UUID(row[name]) for name in ids}, **stamp} for row in rows]
    if stamped:
        await session.execute(insert(table), stamped)
