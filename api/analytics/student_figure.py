"""A student's performance and its trend per month, from the analytics database."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.span import Span
from api.context import Context
from schema.db.tables.analytics import StudentMonth
from schema.db.tables.corrections import MarkingRound
from schema.db.tables.reservations import AttemptRow
from schema.outcome import Release
from schema.period import ONE_DAY, Job, Unit


class StudentMonthFigures(BaseModel):
    """`trend` is the mean's change against the month before, in percentage points."""

    attempts: int = 0
    mean_percent: float | None = None
    passed: int = 0
    pass_rate: float | None = None
    trend: float | None = None


class Month(BaseModel):
    """A month and what is known of it; no figures where it is not computed, or withheld."""

    month: date = Field(description="Its first day")
    state: State
    figures: StudentMonthFigures | None


class StudentFigures(BaseModel):
    """`total` is over the months that are shown; null without one."""

    student_id: UUID
    name: str
    coverage: Coverage
    total: StudentMonthFigures | None
    months: list[Month]


async def student_figures(
    session: AsyncSession, span: Span, student_id: UUID, name: str, withheld: Collection[date]
) -> StudentFigures:
    """Of one student; `withheld` are first days of months that must not be shown."""
    coverage = await coverage_of(session, Job.PERFORMANCE, span)
    inside = StudentMonth.period_start.between(coverage.first_day, coverage.last_day)
    rows = await session.scalars(select(StudentMonth).where(StudentMonth.student_id == student_id, inside))
    found = {row.period_start: row for row in rows}
    months = [_month(coverage, start, found.get(start), withheld) for start in coverage.starts]
    shown = [month.figures for month in months if month.figures is not None]
    return StudentFigures(
        student_id=student_id, name=name, coverage=coverage, total=_total(shown), months=months
    )


async def withheld_months(context: Context, student_id: UUID) -> set[date]:
    """Months in which something was marked that the student must not see yet: their mean would tell it."""
    closed = select(AttemptRow.attempt_id).where(
        AttemptRow.student_id == student_id, AttemptRow.release == Release.WITHHELD
    )
    async with context.databases.reservations.read() as session:
        ids = (await session.scalars(closed)).all()
    marked = select(MarkingRound.completed_at).where(MarkingRound.attempt_id.in_(ids))
    async with context.databases.corrections.read() as session:
        return {Unit.MONTH.start_of(at.date()) for at in await session.scalars(marked) if at is not None}


def _month(coverage: Coverage, start: date, row: StudentMonth | None, withheld: Collection[date]) -> Month:
    state = coverage.state_of(start)
    if state is State.NOT_COMPUTED:
        return Month(month=start, state=state, figures=None)
    if start in withheld:
        return Month(month=start, state=State.WITHHELD, figures=None)
    # With this month's mean, the trend would tell the mean of a month that is withheld.
    has_trend = Unit.MONTH.start_of(start - ONE_DAY) not in withheld
    return Month(month=start, state=state, figures=_figures(row, has_trend))


def _figures(row: StudentMonth | None, has_trend: bool) -> StudentMonthFigures:
    if row is None:
        return StudentMonthFigures()
    return StudentMonthFigures(
        attempts=row.attempts,
        mean_percent=row.mean_percent,
        passed=row.passed,
        pass_rate=row.passed / row.attempts,
        trend=row.trend if has_trend else None,
    )


def _total(months: Sequence[StudentMonthFigures]) -> StudentMonthFigures | None:
    if not months:
        return None
    attempts = sum(month.attempts for month in months)
    passed = sum(month.passed for month in months)
    earned = sum((month.mean_percent or 0) * month.attempts for month in months)
    return StudentMonthFigures(
        attempts=attempts,
        mean_percent=earned / attempts if attempts else None,
        passed=passed,
        pass_rate=passed / attempts if attempts else None,
    )
