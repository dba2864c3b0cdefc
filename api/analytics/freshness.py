"""How far the projection is behind what happened, and how far the batch jobs are."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from activities.adapters.sql.outbox import outboxes_of
from api.analytics.coverage import last_runs
from api.context import ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.analytics import JobRun, TimelineEvent
from schema.events import Source
from schema.period import Job
from schema.role import STAFF

router = APIRouter()

Staff = Annotated[CurrentPerson, require(*sorted(STAFF))]


class Backlog(BaseModel):
    """Events of one schema that are not relayed yet."""

    source: Source
    waiting: int
    oldest_at: datetime | None = Field(None, description="When the oldest of them was written")


class LastRun(BaseModel):
    """The newest period that a batch job has computed; nothing while there is none."""

    job: Job
    period_start: date | None = None
    computed_at: datetime | None = None


class Freshness(BaseModel):
    """`last_relayed_at` is null while nothing has ever been relayed."""

    at: datetime
    last_relayed_at: datetime | None
    last_occurred_at: datetime | None
    backlog: list[Backlog]
    jobs: list[LastRun]


@router.get("/freshness", summary="How fresh timelines and figures are")
async def show_freshness(_me: Staff, context: ContextOf) -> Freshness:
    """A dashboard shows this beside its figures: what is waiting is not in them."""
    newest = select(func.max(TimelineEvent.relayed_at), func.max(TimelineEvent.occurred_at))
    async with context.databases.analytics.read() as session:
        relayed_at, occurred_at = (await session.execute(newest)).one()
        runs = await last_runs(session)
    outboxes = outboxes_of(context.databases)
    backlog = [_backlog(outbox.source, *await outbox.backlog()) for outbox in outboxes]
    return Freshness(
        at=context.now(),
        last_relayed_at=relayed_at,
        last_occurred_at=occurred_at,
        backlog=backlog,
        jobs=[last_run(job, runs.get(job)) for job in Job],
    )


def _backlog(source: Source, waiting: int, oldest_at: datetime | None) -> Backlog:
    return Backlog(source=source, waiting=waiting, oldest_at=oldest_at)


def last_run(job: Job, run: JobRun | None) -> LastRun:
    """How far a job has come."""
    if run is None:
        return LastRun(job=job)
    return LastRun(job=job, period_start=run.period_start, computed_at=run.computed_at)
