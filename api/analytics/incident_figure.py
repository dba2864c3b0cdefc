"""Incidents of a range of days, counted by exam, kind, severity, hour and day in the analytics database."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage, State, coverage_of
from api.analytics.span import Span
from schema.db.tables.analytics import AnomalyDay
from schema.period import Job

HOURS = 24


class IncidentTally(BaseModel):
    """Counts of incidents and of what people made of them. Shares are null where there is nothing to divide by."""

    incidents: int = 0
    mean_confidence: float | None = None
    reviewed: int = Field(0, description="Their attempt has an integrity decision")
    cleared: int = Field(0, description="The last one cleared it")
    share_cleared: float | None = Field(None, description="cleared / reviewed")
    ruled: int = Field(0, description="Ruled on one by one")
    false_positives: int = Field(0, description="The last ruling: not an incident")
    false_positive_rate: float | None = Field(None, description="false_positives / ruled")


class KindTally(IncidentTally):
    """Incidents of one kind."""

    kind: str = Field(examples=["face_absent"])


class SeverityTally(IncidentTally):
    """Incidents of one severity."""

    severity: str = Field(examples=["high"])


class HourTally(IncidentTally):
    """Incidents that began in one hour of the day, UTC."""

    hour: int


class ExamTally(IncidentTally):
    """Incidents of one exam."""

    exam_id: UUID
    title: str


class PresetTally(IncidentTally):
    """Incidents of attempts that were watched with one preset of thresholds."""

    preset: str = Field(
        examples=["moderate"],
        description="`several` for exams that changed it between attempts of the range, `unknown` without attempts",
    )
    kinds: list[KindTally]


class DayTally(BaseModel):
    """Incidents of one day; no tally while the day is not computed."""

    day: date
    state: State
    tally: IncidentTally | None


class IncidentFigures(BaseModel):
    """Everything is over the computed days of the range; without any, `total` is null and the lists are empty.

    Kinds, severities and exams without incidents are left out.
    """

    coverage: Coverage
    total: IncidentTally | None
    by_day: list[DayTally]
    by_hour: list[HourTally]
    by_kind: list[KindTally]
    by_severity: list[SeverityTally]
    by_exam: list[ExamTally] = Field(description="Most incidents first")
    by_preset: list[PresetTally] = Field([], description="From strict to lenient")


T = TypeVar("T", bound=IncidentTally)

SUMS = (
    func.sum(AnomalyDay.incidents),
    func.sum(AnomalyDay.incidents * AnomalyDay.mean_confidence),
    func.sum(AnomalyDay.reviewed),
    func.sum(AnomalyDay.cleared),
    func.sum(AnomalyDay.ruled),
    func.sum(AnomalyDay.false_positives),
)


async def incident_figures(session: AsyncSession, span: Span, titles: Mapping[UUID, str]) -> IncidentFigures:
    """Of these exams, by id; all in one reading transaction."""
    coverage = await coverage_of(session, Job.ANOMALIES, span)
    inside = AnomalyDay.period_start.between(coverage.first_day, coverage.last_day)
    found = await session.scalars(select(AnomalyDay.exam_id).where(inside).distinct())
    where = inside & AnomalyDay.exam_id.in_([exam_id for exam_id in found if exam_id in titles])
    days = await _tallies(session, AnomalyDay.period_start, where)
    hours = await _tallies(session, AnomalyDay.hour, where)
    exams = await _tallies(session, AnomalyDay.exam_id, where)
    by_exam = [ExamTally(exam_id=key, title=titles[key], **one) for key, one in exams.items()]
    return IncidentFigures(
        coverage=coverage,
        total=None if coverage.is_empty else await _total(session, where),
        by_day=[_day(coverage, start, days) for start in coverage.starts],
        by_hour=[]
        if coverage.is_empty
        else [HourTally(hour=hour, **hours.get(hour, {})) for hour in range(HOURS)],
        by_kind=[
            KindTally(kind=key, **one)
            for key, one in (await _tallies(session, AnomalyDay.kind, where)).items()
        ],
        by_severity=[
            SeverityTally(severity=key, **one)
            for key, one in (await _tallies(session, AnomalyDay.severity, where)).items()
        ],
        by_exam=sorted(by_exam, key=lambda one: (-one.incidents, one.title, one.exam_id)),
    )


def _day(coverage: Coverage, day: date, days: Mapping[date, dict[str, Any]]) -> DayTally:
    state = coverage.state_of(day)
    tally = None if state is State.NOT_COMPUTED else IncidentTally(**days.get(day, {}))
    return DayTally(day=day, state=state, tally=tally)


async def _total(session: AsyncSession, where: ColumnElement[bool]) -> IncidentTally:
    row = (await session.execute(select(*SUMS).where(where))).one()
    return IncidentTally(**figures_of(row))


async def _tallies(
    session: AsyncSession, column: Any, where: ColumnElement[bool]
) -> dict[Any, dict[str, Any]]:
    query = select(column, *SUMS).where(where).group_by(column).order_by(column)
    return {row[0]: figures_of(row[1:]) for row in await session.execute(query)}


def figures_of(sums: Row[Any] | tuple[Any, ...]) -> dict[str, Any]:
    """What a tally holds, from SUMS in their order."""
    # MariaDB sums integers to decimals, and both engines sum nothing to null.
    incidents, weighted, reviewed, cleared, ruled, false_positives = (value or 0 for value in sums)
    return {
        "incidents": int(incidents),
        "mean_confidence": _share(weighted, incidents),
        "reviewed": int(reviewed),
        "cleared": int(cleared),
        "share_cleared": _share(cleared, reviewed),
        "ruled": int(ruled),
        "false_positives": int(false_positives),
        "false_positive_rate": _share(false_positives, ruled),
    }


def _share(part: Any, whole: Any) -> float | None:
    return float(part) / float(whole) if whole else None
