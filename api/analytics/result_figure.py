"""An exam's results of a range of weeks, from the analytics database."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.item_figure import ItemFigures, item_figures
from api.analytics.span import Span
from schema.db.tables.analytics import ExamWeek, ScoreBucket
from schema.period import Job


class ResultFigures(BaseModel):
    """Scores of marked attempts that count, one a student, in percent of the points.

    Without attempts, every figure but their number is null.
    """

    attempts: int = 0
    mean_percent: float | None = None
    lowest_percent: float | None = None
    highest_percent: float | None = None
    passed: int = 0
    pass_rate: float | None = None


class WeekFigures(ResultFigures):
    """One week. `trend` is the mean's change against the week before, in percentage points."""

    median_percent: float | None = None
    deviation: float | None = Field(None, description="Standard deviation of the sample")
    items: int = 0
    alpha: float | None = Field(
        None, description="Cronbach's; null where attempts do not share all questions"
    )
    trend: float | None = None


class Week(BaseModel):
    """A week and what is known of it; no figures while it is not computed."""

    week: date = Field(description="Its Sunday")
    state: State
    figures: WeekFigures | None


class Bucket(BaseModel):
    """Attempts that scored from here up to the next ten percent; the last one includes 100."""

    from_percent: int
    attempts: int


class ExamFigures(BaseModel):
    """Everything is over the computed weeks; without any, `total` is null and the lists are empty.

    An attempt that is marked again in a later week counts in both weeks, and so does a student whose better sitting
    comes in a later week.
    """

    exam_id: UUID
    title: str
    coverage: Coverage
    total: ResultFigures | None
    weeks: list[Week]
    distribution: list[Bucket] = Field(description="All ten, also those without attempts")
    items: list[ItemFigures] = Field(description="In the exam's order")


async def exam_figures(
    session: AsyncSession, span: Span, exam_id: UUID, title: str, questions: Mapping[UUID, str]
) -> ExamFigures:
    """Of one exam; `questions` names its questions in order."""
    coverage = await coverage_of(session, Job.GRADES, span)
    inside = ExamWeek.period_start.between(coverage.first_day, coverage.last_day)
    rows = (await session.scalars(select(ExamWeek).where(ExamWeek.exam_id == exam_id, inside))).all()
    return ExamFigures(
        exam_id=exam_id,
        title=title,
        coverage=coverage,
        total=None if coverage.is_empty else total_of(rows),
        weeks=weeks_of(coverage, rows),
        distribution=await distribution_of(session, coverage, [exam_id]),
        items=await item_figures(session, coverage, exam_id, questions),
    )


def total_of(rows: Sequence[ExamWeek]) -> ResultFigures:
    """Several weeks as one."""
    attempts = sum(row.attempts for row in rows)
    if not attempts:
        return ResultFigures()
    passed = sum(row.passed for row in rows)
    return ResultFigures(
        attempts=attempts,
        mean_percent=sum(row.mean_percent * row.attempts for row in rows) / attempts,
        lowest_percent=min(row.lowest_percent for row in rows),
        highest_percent=max(row.highest_percent for row in rows),
        passed=passed,
        pass_rate=passed / attempts,
    )


def weeks_of(coverage: Coverage, rows: Sequence[ExamWeek]) -> list[Week]:
    """Every week of the range in order."""
    found = {row.period_start: row for row in rows}
    weeks = []
    before: ExamWeek | None = None
    for start in coverage.starts:
        row, state = found.get(start), coverage.state_of(start)
        figures = None if state is State.NOT_COMPUTED else _week(row, before)
        weeks.append(Week(week=start, state=state, figures=figures))
        before = row
    return weeks


def _week(row: ExamWeek | None, before: ExamWeek | None) -> WeekFigures:
    if row is None:
        return WeekFigures()
    return WeekFigures(
        attempts=row.attempts,
        mean_percent=row.mean_percent,
        lowest_percent=row.lowest_percent,
        highest_percent=row.highest_percent,
        passed=row.passed,
        pass_rate=row.pass_rate,
        median_percent=row.median_percent,
        deviation=row.deviation,
        items=row.items,
        alpha=row.alpha,
        trend=row.mean_percent - before.mean_percent if before else None,
    )


async def distribution_of(
    session: AsyncSession, coverage: Coverage, exam_ids: Sequence[UUID]
) -> list[Bucket]:
    """Attempts of these exams by ten percent; nothing while no week is computed."""
    if coverage.is_empty:
        return []
    inside = ScoreBucket.period_start.between(coverage.first_day, coverage.last_day)
    many = select(ScoreBucket.from_percent, func.sum(ScoreBucket.attempts))
    query = many.where(inside, ScoreBucket.exam_id.in_(exam_ids)).group_by(ScoreBucket.from_percent)
    found = {start: int(count) for start, count in await session.execute(query)}
    return [Bucket(from_percent=start, attempts=found.get(start, 0)) for start in range(0, 100, 10)]
