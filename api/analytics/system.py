"""The state of the whole system in one answer, for the admins' dashboard."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from activities.adapters.sql.outbox import marks_of, outboxes_of
from api.analytics.backlog import Backlog, backlog
from api.analytics.coverage import last_runs
from api.analytics.freshness import LastRun, last_run
from api.analytics.gauge_source import RELAYS
from api.analytics.orphan import OrphanView, orphans
from api.analytics.queue_state import QueueState, queue_state
from api.analytics.service import Service, service
from api.context import Context, ContextOf
from api.health import answers
from api.registry import Models
from api.security import require
from api.temporal_ui import TemporalUi
from api.token import CurrentPerson
from schema.db.session import Databases
from schema.events import Source
from schema.failures import Failure
from schema.period import Job
from schema.queue import Queue, WorkflowType
from schema.role import Role
from schema.settings import Part

router = APIRouter()

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


class Detection(BaseModel):
    """What new attempts are watched with: the promoted models, and the workers that look."""

    is_on: bool | None = Field(description="Whether a worker watches; null when Temporal does not say")
    model_version: str | None = Field(description="Null when `make models` has not run here")
    sees_objects: bool | None = Field(
        description="False without YOLO weights: no phone is seen; null when unknown"
    )
    troubles: list[str] = Field(description="What is wrong with promoted models, in words")


class Relayed(BaseModel):
    """What one relay has not taken from one schema's outbox yet."""

    relay: str = Field(examples=["projection"])
    source: Source
    waiting: int
    oldest_at: datetime | None


class TemporalPages(BaseModel):
    """Pages of the Temporal UI."""

    url: str
    queues: dict[Queue, str]
    workflows: dict[WorkflowType, str]


class SystemState(BaseModel):
    """Null where what would know does not answer; never zero for that."""

    at: datetime
    parts: list[Part] = Field(description="What this process serves")
    databases: dict[str, bool] = Field(description="Whether each schema answers")
    queues: list[QueueState] | None = Field(description="Null when Temporal does not answer")
    detection: Detection
    relays: list[Relayed] | None = Field(description="Null when a schema does not answer")
    jobs: list[LastRun] | None = Field(description="Null when the analytics database does not answer")
    backlog: Backlog
    service: Service | None = Field(description="Null when the reservations database does not answer")
    temporal: TemporalPages
    orphans: list[OrphanView] | None = Field(description="Null when the database does not answer")


@router.get("/system", summary="The state of the system")
async def show_system(_me: Admin, context: ContextOf, request: Request) -> SystemState:
    """Parts, databases, queues with their workers and backlog, detection and its lag, relays, jobs. For admins."""
    databases, queues, relays, jobs, waiting, promoted = await asyncio.gather(
        _databases(context),
        _queues(context),
        _relays(context),
        _jobs(context),
        backlog(context),
        context.kept(Models).promoted(),
    )
    troubles = await context.kept(Models).troubles()
    return SystemState(
        at=context.now(),
        parts=_parts(request.app),
        databases=databases,
        queues=queues,
        detection=_detection(queues, promoted.line, troubles),
        relays=relays,
        jobs=jobs,
        backlog=waiting,
        service=await service(context),
        temporal=_pages(TemporalUi.of(context.settings)),
        orphans=await orphans(context),
    )


def _pages(ui: TemporalUi) -> TemporalPages:
    return TemporalPages(
        url=f"{ui.root}/workflows",
        queues={queue: ui.queue(queue) for queue in Queue},
        workflows={kind: ui.workflows(kind) for kind in WorkflowType},
    )


def _parts(app: FastAPI) -> list[Part]:
    described = app.openapi()["paths"]
    return [part for part in Part if any(path.startswith(f"/api/{part}/") for path in described)]


async def _databases(context: Context) -> dict[str, bool]:
    names = [field.name for field in fields(Databases)]
    found = await asyncio.gather(*(answers(getattr(context.databases, name)) for name in names))
    return dict(zip(names, found, strict=True))


async def _queues(context: Context) -> list[QueueState] | None:
    try:
        return list(await asyncio.gather(*(queue_state(context.temporal, queue) for queue in Queue)))
    except Failure:
        return None


async def _relays(context: Context) -> list[Relayed] | None:
    try:
        return [
            Relayed(relay=RELAYS[mark], source=outbox.source, waiting=waiting, oldest_at=oldest_at)
            for mark in sorted(marks_of(context.settings))
            for outbox in outboxes_of(context.databases, mark)
            for waiting, oldest_at in [await outbox.backlog()]
        ]
    except (SQLAlchemyError, OSError, Failure):
        return None


async def _jobs(context: Context) -> list[LastRun] | None:
    try:
        async with context.databases.analytics.read() as session:
            runs = await last_runs(session)
    except (SQLAlchemyError, OSError, Failure):
        return None
    return [last_run(job, runs.get(job)) for job in Job]


def _detection(
    queues: Sequence[QueueState] | None, version: str | None, troubles: Sequence[str]
) -> Detection:
    watching = None if queues is None else any(one.workers for one in queues if one.queue is Queue.ML)
    # The line names a model for faces and, with weights, one for objects.
    sees_objects = None if version is None else " + " in version
    return Detection(
        is_on=watching, model_version=version, sees_objects=sees_objects, troubles=list(troubles)
    )
