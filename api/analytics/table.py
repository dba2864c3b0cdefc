"""Figures as lines of a CSV: exact, one line per row of the batch jobs, and one that says so where there is none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.results import csv_of
from api.analytics.cohort_figure import CohortFigures
from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.result_figure import ExamFigures
from api.analytics.span import Span
from api.analytics.student_figure import StudentFigures
from schema.db.tables.analytics import AnalyticsTable, AnomalyDay, ExamWeek, ScoreBucket
from schema.failures import Failure, FailureType
from schema.period import Job

MOST_LINES = 50_000

PERIOD = ("period_start", "period_end", "state", "computed_at")
INCIDENTS = (
    *PERIOD, "exam_id", "exam", "kind", "severity", "hour", "incidents", "mean_confidence", "reviewed", "cleared",
    "share_cleared", "ruled", "false_positives", "false_positive_rate",
)  # fmt: skip
WEEKS = (
    *PERIOD, "exam_id", "exam", "attempts", "mean_percent", "median_percent", "deviation", "lowest_percent",
    "highest_percent", "passed", "pass_rate", "items", "alpha",
)  # fmt: skip
SCORES = (*PERIOD, "exam_id", "exam", "from_percent", "attempts")
ITEMS = (
    "period_start", "question_id", "number", "question", "answers", "difficulty", "discrimination", "mean_seconds",
    "median_seconds",
)  # fmt: skip
MONTHS = (
    *PERIOD, "student_id", "student", "attempts", "mean_percent", "passed", "pass_rate", "trend",
)  # fmt: skip
COHORTS = (*PERIOD, "cohort_id", "students", "attempts", "mean_percent", "pass_rate", "trend")

Line = dict[str, Any]
Table = tuple[Sequence[str], Sequence[Line]]


def written(table: Table) -> bytes:
    """As CSV (RFC 4180); blocks, so call it in a thread."""
    return csv_of(*table)


async def incident_table(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> Table:
    """One line per day, exam, kind, severity and hour. Raises INVALID where that is more than MOST_LINES."""
    return INCIDENTS, await _lines(session, Job.ANOMALIES, span, titles, AnomalyDay)


async def week_table(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> Table:
    """One line per week and exam. Raises INVALID where that is more than MOST_LINES."""
    return WEEKS, await _lines(session, Job.GRADES, span, titles, ExamWeek)


async def score_table(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> Table:
    """One line per week, exam and ten percent with attempts. Raises INVALID where that is more than MOST_LINES."""
    return SCORES, await _lines(session, Job.GRADES, span, titles, ScoreBucket)


def item_table(figures: ExamFigures) -> Table:
    """One line per question and week with answers."""
    lines = [
        {
            "period_start": str(week.week), "question_id": str(item.question_id), "number": item.number,
            "question": item.title, **_some(week, ITEMS[4:]),
        }
        for item in figures.items
        for week in item.weeks
    ]  # fmt: skip
    return ITEMS, lines


def month_table(figures: StudentFigures) -> Table:
    """One line per month."""
    who = {"student_id": str(figures.student_id), "student": figures.name}
    lines = [
        {**_period(figures.coverage, one.month, one.state), **who, **_some(one.figures, MONTHS[6:])}
        for one in figures.months
    ]
    return MONTHS, lines


def cohort_table(figures: CohortFigures) -> Table:
    """One line per cohort and month."""
    lines = [
        {
            **_period(figures.coverage, one.month, one.state),
            "cohort_id": str(cohort.cohort_id),
            **_some(one.figures, COHORTS[5:]),
        }
        for cohort in figures.cohorts
        for one in cohort.months
    ]
    return COHORTS, lines


async def _lines(
    session: AsyncSession, job: Job, span: Span, titles: Mapping[UUID, str], kind: type[AnalyticsTable]
) -> list[Line]:
    """Rows of the span in the order of their key; counted first, so that too many are never read."""
    coverage = await coverage_of(session, job, span)
    table = kind.__table__
    exam_id, start = table.c.exam_id, table.c.period_start
    where = start.between(coverage.first_day, coverage.last_day) & exam_id.in_(titles)
    many = await session.scalar(select(func.count()).select_from(table).where(where)) or 0
    if many > MOST_LINES:
        what = (
            f"the table would have {many} lines, at most {MOST_LINES} are written; ask for fewer days at once"
        )
        raise Failure(FailureType.INVALID, what, field="/to")
    by_start: dict[date, list[Line]] = {start: [] for start in coverage.starts}
    for row in (await session.execute(select(table).where(where).order_by(*table.primary_key))).mappings():
        by_start[row["period_start"]].append({**row, "exam": titles[row["exam_id"]]})
    return [line for start, some in by_start.items() for line in _of_period(coverage, start, some)]


def _of_period(coverage: Coverage, start: date, rows: Sequence[Line]) -> list[Line]:
    opening = _period(coverage, start, coverage.state_of(start))
    if rows:
        return [{**row, "exam_id": str(row["exam_id"]), **opening} for row in rows]
    is_known = start not in coverage.not_computed
    return [{**opening, "incidents": 0, "attempts": 0} if is_known else opening]


def _period(coverage: Coverage, start: date, state: State) -> Line:
    return {
        "period_start": str(start),
        "period_end": str(coverage.unit.end_of(start)),
        "state": state.value,
        "computed_at": coverage.computed_ats.get(start),
    }


def _some(figures: BaseModel | None, columns: Sequence[str]) -> Line:
    return {} if figures is None else {column: getattr(figures, column) for column in columns}
