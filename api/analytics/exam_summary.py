"""Results of many exams side by side, from the analytics database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.result_figure import Bucket, ResultFigures, distribution_of, total_of
from api.analytics.span import Span
from schema.db.tables.analytics import ExamWeek
from schema.period import Job


class ExamSummary(ResultFigures):
    """One exam over the computed weeks of the range."""

    exam_id: UUID
    title: str


class SummaryWeek(BaseModel):
    """One week over the exams; no figures while it is not computed."""

    week: date = Field(description="Its Sunday")
    state: State
    figures: ResultFigures | None


class ExamSummaries(BaseModel):
    """Exams with marked attempts in the computed weeks, most attempts first; the others are left out."""

    coverage: Coverage
    total: ResultFigures | None = Field(description="Null while no week is computed")
    weeks: list[SummaryWeek]
    distribution: list[Bucket] = Field(
        description="All ten, also those without attempts; empty without weeks"
    )
    exams: list[ExamSummary]


async def exam_summaries(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> ExamSummaries:
    """Of these exams, by id."""
    coverage = await coverage_of(session, Job.GRADES, span)
    inside = ExamWeek.period_start.between(coverage.first_day, coverage.last_day)
    rows: dict[UUID, list[ExamWeek]] = {}
    for row in await session.scalars(select(ExamWeek).where(inside)):
        if row.exam_id in titles:
            rows.setdefault(row.exam_id, []).append(row)
    every = [row for some in rows.values() for row in some]
    exams = [
        ExamSummary(exam_id=key, title=titles[key], **total_of(some).model_dump())
        for key, some in rows.items()
    ]
    return ExamSummaries(
        coverage=coverage,
        total=None if coverage.is_empty else total_of(every),
        weeks=_weeks(coverage, every),
        distribution=await distribution_of(session, coverage, list(rows)),
        exams=sorted(exams, key=lambda one: (-one.attempts, one.title, one.exam_id)),
    )


def _weeks(coverage: Coverage, rows: Sequence[ExamWeek]) -> list[SummaryWeek]:
    by_start: dict[date, list[ExamWeek]] = defaultdict(list)
    for row in rows:
        by_start[row.period_start].append(row)
    weeks = []
    for start in coverage.starts:
        state = coverage.state_of(start)
        figures = None if state is State.NOT_COMPUTED else total_of(by_start[start])
        weeks.append(SummaryWeek(week=start, state=state, figures=figures))
    return weeks
