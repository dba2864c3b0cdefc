"""The routes of this part, and the press that they share while the application serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter

from api.analytics import (
    archive,
    bulletin,
    exam,
    freshness,
    incident,
    performance,
    report,
    timeline,
    workload,
)
from api.analytics.press import Press
from api.context import Context

router = APIRouter()
for module in (timeline, report, archive, exam, freshness, incident, performance, workload, bulletin):
    router.include_router(module.router)


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """Hand the press to the routes."""
    context.keep(Press, Press())
    yield
