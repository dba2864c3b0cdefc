"""How much of an attempt was watched, and why not all of it."""

from uuid import UUID

from fastapi import APIRouter

from api.context import ContextOf
from api.coverage.figure import coverage_of_attempt
from api.monitoring.scope import WATCHERS, feed_for
from api.security import require
from api.token import CurrentPerson
from schema.coverage.figure import WatchCoverage

router = APIRouter()


@router.get("/attempts/{attempt_id}/coverage")
async def show_coverage(
    attempt_id: UUID, context: ContextOf, watcher: CurrentPerson = require(*WATCHERS)
) -> WatchCoverage | None:
    """As it was measured at the end, or as it is now; null before the start, and where it was not measured."""
    await feed_for(context, attempt_id, watcher)
    return await coverage_of_attempt(context, attempt_id)
