"""Cohorts' performance per month, from the analytics database; small ones stay suppressed."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.span import Span
from schema.db.tables.analytics import CohortMonth
from schema.period import Job

SUPPRESSION = (
    "A month in which a cohort has fewer than five students with results is suppressed: "
    "it has no figures, and no trend is measured against it."
)


class CohortMonthFigures(BaseModel):
    """`trend` is the mean's change against the month before, in percentage points."""

    students: int = 0
    attempts: int = 0
    mean_percent: float | None = None
    pass_rate: float | None = None
    trend: float | None = None


class CohortOfMonth(BaseModel):
    """A month and what is known of it; no figures where it is not computed, or suppressed."""

    month: date = Field(description="Its first day")
    state: State
    figures: CohortMonthFigures | None


class Cohort(BaseModel):
    """One cohort's months."""

    cohort_id: UUID
    name: str = Field("", description="Empty where the cohort has none any more")
    months: list[CohortOfMonth]


class CohortFigures(BaseModel):
    """Cohorts that have results in the range, by id; `suppression` says in words what is left out."""

    coverage: Coverage
    suppression: str = SUPPRESSION
    suppressed: int = Field(description="How many months of cohorts are suppressed")
    cohorts: list[Cohort]


async def cohort_figures(session: AsyncSession, span: Span, known: Mapping[UUID, str]) -> CohortFigures:
    """Of these cohorts, by id with their names, as far as they have results."""
    coverage = await coverage_of(session, Job.PERFORMANCE, span)
    inside = CohortMonth.period_start.between(coverage.first_day, coverage.last_day)
    rows: dict[UUID, dict[date, CohortMonth]] = {}
    for row in await session.scalars(select(CohortMonth).where(inside).order_by(CohortMonth.cohort_id)):
        if row.cohort_id in known:
            rows.setdefault(row.cohort_id, {})[row.period_start] = row
    cohorts = [
        Cohort(
            cohort_id=key,
            name=known[key],
            months=[_month(coverage, start, found.get(start)) for start in coverage.starts],
        )
        for key, found in rows.items()
    ]
    return CohortFigures(coverage=coverage, suppressed=_suppressed(cohorts), cohorts=cohorts)


def _month(coverage: Coverage, start: date, row: CohortMonth | None) -> CohortOfMonth:
    state = coverage.state_of(start)
    if state is State.NOT_COMPUTED:
        return CohortOfMonth(month=start, state=state, figures=None)
    if row is not None and row.suppressed:
        return CohortOfMonth(month=start, state=State.SUPPRESSED, figures=None)
    return CohortOfMonth(month=start, state=state, figures=_figures(row))


def _figures(row: CohortMonth | None) -> CohortMonthFigures:
    if row is None:
        return CohortMonthFigures()
    return CohortMonthFigures(
        students=row.students or 0,
        attempts=row.attempts or 0,
        mean_percent=row.mean_percent,
        pass_rate=row.pass_rate,
        trend=row.trend,
    )


def _suppressed(cohorts: Sequence[Cohort]) -> int:
    return sum(month.state is State.SUPPRESSED for cohort in cohorts for month in cohort.months)
