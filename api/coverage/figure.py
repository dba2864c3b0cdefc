"""The coverage of attempts: as it was measured at the end, or as it is now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from activities.adapters.sql.coverage_source import SqlCoverageSource
from activities.coverage.port import WatchedStream
from api.context import Context
from schema.clock import ExamClock
from schema.coverage.figure import WatchCoverage, coverage_of
from schema.db.tables.reservations import AttemptRow, ExamVersion
from schema.exam import ExamPolicy

SETTLING = timedelta(seconds=6)  # what came so recently may not be written down yet


async def coverages_of(context: Context, attempts: Sequence[AttemptRow]) -> Mapping[UUID, WatchCoverage]:
    """By attempt; one that has not started, or is from before there was an account, is missing."""
    found = {row.attempt_id: WatchCoverage.model_validate(row.coverage) for row in attempts if row.coverage}
    open_ones = [row for row in attempts if row.attempt_id not in found and _has_started(row)]
    if not open_ones:
        return found
    minima = await _minima(context, open_ones)
    source = SqlCoverageSource(context.databases.monitoring, context.databases.reservations)
    watched = await source.watched([row.attempt_id for row in open_ones])
    for row in open_ones:
        now = _now(row, watched[row.attempt_id], minima[row.exam_id, row.exam_version], context.now())
        if now is not None:
            found[row.attempt_id] = now
    return found


async def coverage_of_attempt(context: Context, attempt_id: UUID) -> WatchCoverage | None:
    """Of one attempt."""
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
    return (await coverages_of(context, [row])).get(attempt_id) if row is not None else None


def _has_started(row: AttemptRow) -> bool:
    return row.clock is not None and row.started_at is not None


def _now(row: AttemptRow, watched: WatchedStream, minimum: float, now: datetime) -> WatchCoverage | None:
    clock = ExamClock.model_validate(row.clock)
    until = row.submitted_at or max(now - SETTLING, clock.started_at or now)
    return coverage_of(clock, until, watched.account, watched.tail, minimum, watched.outages)


async def _minima(context: Context, attempts: Sequence[AttemptRow]) -> dict[tuple[UUID, int], float]:
    contents = {(row.exam_id, row.exam_version) for row in attempts}
    key = tuple_(ExamVersion.exam_id, ExamVersion.version)
    found = dict.fromkeys(contents, ExamPolicy().coverage_minimum)
    async with context.databases.reservations.read() as session:
        for row in await session.scalars(select(ExamVersion).where(key.in_(contents))):
            found[row.exam_id, row.version] = _minimum(row.content)
    return found


def _minimum(content: Mapping[str, Any]) -> float:
    return float(content["policy"].get("coverage_minimum", ExamPolicy().coverage_minimum))
