"""How much of an attempt was watched, and why not all of it."""

from uuid import UUID

from fastapi import APIRouter

from api.context import ContextOf
from api.coverage.figure import coverages_of
from api.monitoring.scope import WATCHERS, feed_for
from api.security import require
from api.token import CurrentPerson
from schema.coverage.figure import WatchCoverage
from schema.db.tables.reservations import AttemptRow

router = APIRouter()


@router.get("/attempts/{attempt_id}/coverage")
async def show_coverage(
    attempt_id: UUID, context: ContextOf, watcher: CurrentPerson = require(*WATCHERS)
) -> WatchCoverage | None:
    """As it was measured at the end, or as it is now; null before the start, and where it was not measured."""
    await feed_for(context, attempt_id, watcher)
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
    return (await coverages_of(context, [row])).get(attempt_id) if row is not None else None
