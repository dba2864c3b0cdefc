"""The routes of this part, and what they share while the application serves: press and gauges."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter

from api.analytics import (
    archive,
    bulletin,
    exam,
    freshness,
    incident,
    outage,
    performance,
    report,
    setting,
    system,
    timeline,
    workload,
)
from api.analytics.gauge import Gauges
from api.analytics.press import Press
from api.analytics.setting import KnownSettings
from api.context import Context

router = APIRouter()
for module in (
    timeline,
    report,
    archive,
    exam,
    outage,
    freshness,
    incident,
    performance,
    workload,
    bulletin,
    system,
    setting,
):
    router.include_router(module.router)


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """Hand the press to the routes; let this process show the product's gauges."""
    context.keep(Press, Press())
    context.keep(KnownSettings, KnownSettings.of(context.settings))
    gauges = Gauges(context)
    context.refreshers.append(gauges.refresh)
    context.metrics.register(gauges)
    try:
        yield
    finally:
        context.metrics.unregister(gauges)
        context.refreshers.remove(gauges.refresh)
