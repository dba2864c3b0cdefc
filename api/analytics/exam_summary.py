"""Results of many exams side by side, from the analytics database."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage, coverage_of
from api.analytics.result_figure import ResultFigures, total_of
from api.analytics.span import Span
from schema.db.tables.analytics import ExamWeek
from schema.period import Job


class ExamSummary(ResultFigures):
    """One exam over the computed weeks of the range."""

    exam_id: UUID
    title: str


class ExamSummaries(BaseModel):
    """Exams with marked attempts in the computed weeks, most attempts first; the others are left out."""

    coverage: Coverage
    total: ResultFigures | None = Field(description="Null while no week is computed")
    exams: list[ExamSummary]


async def exam_summaries(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> ExamSummaries:
    """Of these exams, by id."""
    coverage = await coverage_of(session, Job.GRADES, span)
    inside = ExamWeek.period_start.between(coverage.first_day, coverage.last_day)
    rows: dict[UUID, list[ExamWeek]] = {}
    for row in await session.scalars(select(ExamWeek).where(inside)):
        if row.exam_id in titles:
            rows.setdefault(row.exam_id, []).append(row)
    exams = [
        ExamSummary(exam_id=key, title=titles[key], **total_of(some).model_dump())
        for key, some in rows.items()
    ]
    return ExamSummaries(
        coverage=coverage,
        total=None if coverage.is_empty else total_of([row for some in rows.values() for row in some]),
        exams=sorted(exams, key=lambda one: (-one.attempts, one.title, one.exam_id)),
    )
