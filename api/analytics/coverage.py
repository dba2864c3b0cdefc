"""How far the batch jobs have computed a range of days: shown with every figure, so nothing missing looks like zero."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.span import Span
from schema.db.tables.analytics import JobRun
from schema.period import ONE_DAY, Job, Unit


class State(StrEnum):
    """What is known of one period."""

    COMPUTED = "computed"
    NOT_COMPLETE = "not_complete"  # computed before the period was over
    NOT_COMPUTED = "not_computed"
    SUPPRESSED = "suppressed"  # too few students: figures would tell about single people
    WITHHELD = "withheld"  # a result in it is not released to its student yet


class Coverage(BaseModel):
    """Whole periods that together hold the range; figures cover those that are computed.

    Counts are sums over the computed periods, null while there is none.
    """

    job: Job
    unit: Unit
    first_day: date = Field(description="Of the first whole period")
    last_day: date = Field(description="Of the last whole period")
    periods: int
    computed: int
    computed_at: datetime | None = Field(description="When the newest of them was computed")
    oldest_computed_at: datetime | None
    not_computed: list[date] = Field(description="First days of periods that are not computed yet")
    not_complete: list[date] = Field(description="First days of periods computed before they were over")
    lines_read: int | None
    lines_quarantined: int | None = Field(description="Lines that were no events; they are in no figure")
    duplicates: int | None
    late_events: int | None = Field(description="Events that came in a later day's file; they are counted")
    computed_ats: dict[date, datetime] = Field(exclude=True)  # by first day; for the lines of a CSV

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the range is computed."""
        return self.computed == 0

    @property
    def starts(self) -> list[date]:
        """The first day of each period, in order."""
        return list(self.unit.starts(self.first_day, self.last_day))

    def state_of(self, start: date) -> State:
        """What is known of the period that begins on this day."""
        if start in self.not_computed:
            return State.NOT_COMPUTED
        return State.NOT_COMPLETE if start in self.not_complete else State.COMPUTED


async def coverage_of(session: AsyncSession, job: Job, span: Span) -> Coverage:
    """What this job has computed of the span."""
    starts = list(job.unit.starts(span.first, span.last))
    inside = JobRun.period_start.between(starts[0], starts[-1])
    runs = (await session.scalars(select(JobRun).where(JobRun.job == job, inside))).all()
    known = {run.period_start for run in runs}
    return Coverage(
        job=job,
        unit=job.unit,
        first_day=starts[0],
        last_day=job.unit.end_of(starts[-1]),
        periods=len(starts),
        computed=len(runs),
        computed_at=max((run.computed_at for run in runs), default=None),
        oldest_computed_at=min((run.computed_at for run in runs), default=None),
        not_computed=[start for start in starts if start not in known],
        not_complete=sorted(
            run.period_start for run in runs if run.computed_at < _over(job.unit, run.period_start)
        ),
        lines_read=_sum([run.lines_read for run in runs]),
        lines_quarantined=_sum([run.lines_quarantined for run in runs]),
        duplicates=_sum([run.duplicates for run in runs]),
        late_events=_sum([run.late_events for run in runs]),
        computed_ats={run.period_start: run.computed_at for run in runs},
    )


async def last_runs(session: AsyncSession) -> dict[str, JobRun]:
    """The run of each job's newest period, by job."""
    newest = select(JobRun.job, func.max(JobRun.period_start).label("start")).group_by(JobRun.job).subquery()
    both = (JobRun.job == newest.c.job) & (JobRun.period_start == newest.c.start)
    return {run.job: run for run in await session.scalars(select(JobRun).join(newest, both))}


def _over(unit: Unit, start: date) -> datetime:
    return datetime.combine(unit.end_of(start) + ONE_DAY, time(), UTC)


def _sum(counts: Sequence[int]) -> int | None:
    return sum(counts) if counts else None
