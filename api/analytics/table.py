"""Figures as lines of a CSV: exact, one line per row of the batch jobs, and one that says so where there is none."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.results import csv_of
from api.analytics.cohort_figure import CohortFigures
from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.result_figure import ExamFigures
from api.analytics.span import Span
from api.analytics.student_figure import StudentFigures
from schema.db.tables.analytics import AnomalyDay, ExamWeek, ScoreBucket
from schema.failures import Failure, FailureType
from schema.period import Job

MOST_LINES = 100_000

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
    query = select(AnomalyDay).order_by(
        AnomalyDay.period_start, AnomalyDay.exam_id, AnomalyDay.kind, AnomalyDay.severity, AnomalyDay.hour
    )
    return INCIDENTS, await _lines(session, Job.ANOMALIES, span, titles, query, AnomalyDay)


async def week_table(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> Table:
    """One line per week and exam. Raises INVALID where that is more than MOST_LINES."""
    query = select(ExamWeek).order_by(ExamWeek.period_start, ExamWeek.exam_id)
    return WEEKS, await _lines(session, Job.GRADES, span, titles, query, ExamWeek)


async def score_table(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> Table:
    """One line per week, exam and ten percent with attempts."""
    query = select(ScoreBucket).order_by(
        ScoreBucket.period_start, ScoreBucket.exam_id, ScoreBucket.from_percent
    )
    return SCORES, await _lines(session, Job.GRADES, span, titles, query, ScoreBucket)


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
    session: AsyncSession, job: Job, span: Span, titles: Mapping[UUID, str], query: Select[Any], table: Any
) -> list[Line]:
    coverage = await coverage_of(session, job, span)
    inside = table.period_start.between(coverage.first_day, coverage.last_day)
    rows = await session.scalars(query.where(inside, table.exam_id.in_(titles)).limit(MOST_LINES + 1))
    by_start: dict[date, list[Any]] = {start: [] for start in coverage.starts}
    for row in rows:
        by_start[row.period_start].append(row)
    if sum(map(len, by_start.values())) > MOST_LINES:
        what = f"the table has more than {MOST_LINES} lines; ask for fewer days at once"
        raise Failure(FailureType.INVALID, what, field="/to")
    return [line for start, some in by_start.items() for line in _of_period(coverage, start, some, titles)]


def _of_period(
    coverage: Coverage, start: date, rows: Sequence[Any], titles: Mapping[UUID, str]
) -> list[Line]:
    opening = _period(coverage, start, coverage.state_of(start))
    if not rows:
        nothing = {} if start in coverage.not_computed else {"incidents": 0, "attempts": 0}
        return [{**opening, **nothing}]
    return [
        {
            **{column.key: _plain(getattr(row, column.key)) for column in row.__table__.columns},
            **opening,
            "exam": titles[row.exam_id],
        }
        for row in rows
    ]


def _period(coverage: Coverage, start: date, state: State) -> Line:
    return {
        "period_start": str(start),
        "period_end": str(coverage.unit.end_of(start)),
        "state": state.value,
        "computed_at": coverage.computed_ats.get(start),
    }


def _some(figures: BaseModel | None, columns: Sequence[str]) -> Line:
    return {} if figures is None else {column: getattr(figures, column) for column in columns}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | datetime | None) else str(value)
