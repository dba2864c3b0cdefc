"""Where each gauge is read: one function per schema and one for the lake, each a few counts."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from activities.adapters.quarantine import FOLDER
from activities.adapters.sql.outbox import Mark, marks_of, outboxes_of
from activities.adapters.sql.waiting import SqlWaitingBook
from api.analytics.coverage import last_runs
from api.analytics.service import outage_seconds, service
from api.context import Context, utc_now
from schema.attempt import Phase
from schema.db.tables.analytics import JobRun
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow, OrphanRow
from schema.events import Topic
from schema.incident import IncidentKind
from schema.lag.age import LATE_AFTER
from schema.orphan import Trouble
from schema.outage.service import Component
from schema.period import Job
from schema.queue import WorkflowType
from schema.review import ReviewKind, ReviewStage

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RELAYS = {Mark.PUBLISHED: "projection", Mark.MIRRORED: "kafka", Mark.STORED: "lake"}

HELP: dict[str, tuple[str, tuple[str, ...]]] = {
    "source_up": ("Whether what these gauges are read from answers", ("source",)),
    "attempts": ("Attempts by phase", ("phase",)),
    "orphans": ("Workflows that are not as their rows say", ("kind", "trouble")),
    "incidents_last_hour": ("Incidents opened in the last hour", ("kind",)),
    "detection_lag_seconds": ("Age of the oldest accepted record that no detector has looked at", ()),
    "detection_attempts_behind": ("Attempts with a record that waits longer than a detector takes", ()),
    "outbox_waiting": ("Events that a relay has not taken yet", ("schema", "relay")),
    "outbox_oldest_seconds": ("Age of the oldest of them, 0 without one", ("schema", "relay")),
    "events_quarantined": ("Objects in the lake with events that nobody can read", ("topic",)),
    "job_last_period_timestamp_seconds": ("First day of the newest period that a job has computed", ("job",)),
    "job_age_seconds": ("Time since that period was computed", ("job",)),
    "job_lines_quarantined": ("Lines in quarantine over all computed periods", ("job",)),
    "job_late_events": ("Late events over all computed periods", ("job",)),
    "service_serving": ("Whether a node serves a component now, by its own marks", ("component", "node")),
    "outages_last_day_seconds": (
        "Outages of a component that ended in the last day, over all nodes",
        ("component",),
    ),
    "owed_time_waiting": ("Losses of attempts that are recorded and not given back yet", ()),
    "reviews_waiting": ("Reviews that nobody has decided yet", ("kind", "stage")),
    "reviews_overdue": ("Reviews waiting longer than their exam allows", ("kind",)),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a gauge."""

    name: str
    labels: tuple[str, ...]
    value: float


Read = Callable[[Context], Awaitable[Sequence[Sample]]]


async def attempts(context: Context) -> list[Sample]:
    """How many attempts are in each phase."""
    query = select(AttemptRow.phase, func.count()).group_by(AttemptRow.phase)
    async with context.databases.reservations.read() as session:
        found: dict[str, int] = {phase: many for phase, many in await session.execute(query)}  # noqa: C416 - rows
    return [Sample("attempts", (phase,), found.get(phase, 0)) for phase in Phase]


async def orphans(context: Context) -> list[Sample]:
    """What the sweep has found and nothing has repaired yet."""
    row = OrphanRow
    query = select(row.kind, row.trouble, func.count()).where(row.closed_at.is_(None))
    async with context.databases.reservations.read() as session:
        rows = await session.execute(query.group_by(row.kind, row.trouble))
        found = {(kind, trouble): many for kind, trouble, many in rows}
    swept = (WorkflowType.ATTEMPT, WorkflowType.REVIEW, WorkflowType.RETENTION, WorkflowType.COHORT)
    keys = [(kind.value, trouble.value) for kind in swept for trouble in Trouble]
    return [Sample("orphans", key, found.get(key, 0)) for key in keys]


async def incidents(context: Context) -> list[Sample]:
    """How many incidents of each kind opened in the last hour."""
    recent = IncidentRow.created_at > context.now() - HOUR
    query = select(IncidentRow.kind, func.count()).where(recent).group_by(IncidentRow.kind)
    async with context.databases.monitoring.read() as session:
        found: dict[str, int] = {kind: many for kind, many in await session.execute(query)}  # noqa: C416 - rows
    return [Sample("incidents_last_hour", (kind,), found.get(kind, 0)) for kind in IncidentKind]


async def detection(context: Context) -> list[Sample]:
    """How far detection is behind."""
    lags = (await SqlWaitingBook(context.databases.monitoring).lags(context.now())).values()
    return [
        Sample("detection_lag_seconds", (), max((lag.total_seconds() for lag in lags), default=0.0)),
        Sample("detection_attempts_behind", (), sum(lag > LATE_AFTER for lag in lags)),
    ]


async def outboxes(context: Context) -> list[Sample]:
    """What waits for each relay that runs with these settings."""
    samples = []
    for mark in sorted(marks_of(context.settings)):
        for outbox in outboxes_of(context.databases, mark):
            waiting, oldest_at = await outbox.backlog()
            labels = (outbox.source.value, RELAYS[mark])
            samples.append(Sample("outbox_waiting", labels, waiting))
            samples.append(Sample("outbox_oldest_seconds", labels, _age(context, oldest_at)))
    return samples


async def quarantine(context: Context) -> list[Sample]:
    """What lies in quarantine, one object for each message or batch."""
    kept = Counter(found.name.split("/")[2] for found in await context.store.list(FOLDER))
    return [Sample("events_quarantined", (topic,), kept[topic]) for topic in Topic]


async def jobs(context: Context) -> list[Sample]:
    """How far each job has come; a job that never ran has no samples but its sums."""
    sums = select(JobRun.job, func.sum(JobRun.lines_quarantined), func.sum(JobRun.late_events)).group_by(
        JobRun.job
    )
    async with context.databases.analytics.read() as session:
        runs = await last_runs(session)
        totals = {job: (int(bad), int(late)) for job, bad, late in await session.execute(sums)}
    samples = []
    for job in Job:
        quarantined, late = totals.get(job, (0, 0))
        samples.append(Sample("job_lines_quarantined", (job,), quarantined))
        samples.append(Sample("job_late_events", (job,), late))
        if job in runs:
            samples += _last_run(context, job, runs[job])
    return samples


async def reviews(context: Context) -> list[Sample]:
    """What waits for a person."""
    waiting = ReviewRow.stage.in_([ReviewStage.OPEN, ReviewStage.ASSIGNED])
    by_stage = select(ReviewRow.kind, ReviewRow.stage, func.count()).where(waiting)
    overdue = select(ReviewRow.kind, func.count()).where(waiting, ReviewRow.escalate_at <= context.now())
    async with context.databases.corrections.read() as session:
        rows = await session.execute(by_stage.group_by(ReviewRow.kind, ReviewRow.stage))
        found = {(kind, stage): many for kind, stage, many in rows}
        late = {kind: many for kind, many in await session.execute(overdue.group_by(ReviewRow.kind))}  # noqa: C416
    stages = [(kind, stage) for kind in ReviewKind for stage in (ReviewStage.OPEN, ReviewStage.ASSIGNED)]
    return [
        *(Sample("reviews_waiting", key, found.get(key, 0)) for key in stages),
        *(Sample("reviews_overdue", (kind,), late.get(kind, 0)) for kind in ReviewKind),
    ]


async def outages(context: Context) -> list[Sample]:
    """How the platform serves by its own marks, and what it still owes."""
    found = await service(context)
    if found is None:
        raise OSError("the marks of service cannot be read")
    lengths = await outage_seconds(context, utc_now() - DAY)
    return [
        *(Sample("service_serving", (one.component, one.node_id), int(one.serves)) for one in found.nodes),
        *(Sample("outages_last_day_seconds", (one,), lengths[one]) for one in Component),
        Sample("owed_time_waiting", (), found.waiting),
    ]


SOURCES: dict[str, Read] = {
    "reservations": attempts,
    "workflows": orphans,
    "service": outages,
    "monitoring": incidents,
    "detection": detection,
    "outboxes": outboxes,
    "lake": quarantine,
    "analytics": jobs,
    "corrections": reviews,
}


def _last_run(context: Context, job: Job, run: JobRun) -> list[Sample]:
    begun = datetime(
        run.period_start.year, run.period_start.month, run.period_start.day, tzinfo=run.computed_at.tzinfo
    )
    return [
        Sample("job_last_period_timestamp_seconds", (job,), begun.timestamp()),
        Sample("job_age_seconds", (job,), _age(context, run.computed_at)),
    ]


def _age(context: Context, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (context.now() - since).total_seconds())
