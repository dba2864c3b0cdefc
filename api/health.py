"""Whether the process lives, whether it is ready, and what it has counted."""

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.context import ContextOf
from api.registry import Models
from api.security import anyone, internal
from api.workflow import Workflows
from schema.db.session import Database

CHECK_SECONDS = 5.0

router = APIRouter(tags=["operation"])


class Readiness(BaseModel):
    """Whether requests can be served, and what each check says."""

    is_ready: bool
    checks: dict[str, bool]
    troubles: list[str] = Field([], description="What is wrong with models and files, in words")


@router.get("/healthz", dependencies=[anyone("says only that the process lives")])
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "A check says no"}},
    dependencies=[anyone("says only which dependencies answer")],
)
async def ready(context: ContextOf) -> JSONResponse:
    """Databases and Temporal answer; 503 while one does not.

    A damaged model is reported and takes no node away: answers and pictures are still taken, and analysed later.
    """
    names = ("users", "reservations", "monitoring", "corrections", "notifications", "analytics")
    found = await asyncio.gather(
        Workflows(context.temporal).is_serving(),
        *(answers(getattr(context.databases, name)) for name in names),
    )
    checks = dict(zip(("temporal", *names), found, strict=True))
    troubles = list(await context.kept(Models).troubles())
    readiness = Readiness(is_ready=all(found), checks={**checks, "models": not troubles}, troubles=troubles)
    return JSONResponse(readiness.model_dump(), 200 if readiness.is_ready else 503)


@router.get("/metrics", include_in_schema=False, dependencies=[internal(loopback=True)])
async def metrics(context: ContextOf) -> Response:
    """Counters in Prometheus' text format; where analytics is served, gauges of the product too (docs/analytics.md)."""
    for refresh in context.refreshers:
        await refresh()
    return Response(generate_latest(context.metrics), media_type=CONTENT_TYPE_LATEST)


async def answers(database: Database) -> bool:
    """Whether a query gets through within some seconds."""
    try:
        async with asyncio.timeout(CHECK_SECONDS), database.read() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        return False
    return True
