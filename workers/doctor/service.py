"""Whether each part serves, by its own marks, and whether students still wait for time that outages took."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from schema.db.session import Database
from schema.db.tables.outage import OwedTime, ServiceMarkRow
from schema.failures import Failure
from schema.outage.owed import OwedState
from schema.settings import Settings
from workers.doctor.finding import About, Finding

OWED = About("service", "time owed")
MARKS = About("service", "marks")
GONE_AFTER = timedelta(days=1)
PATIENCE = timedelta(minutes=1)  # within which a loss is given back where all is well


async def check(settings: Settings) -> Sequence[Finding]:
    """A part that is silent is off: it may have been stopped on purpose. Time that is not given back is a fault."""
    if not settings.service_mark_every:
        return (MARKS.off("outages are not measured: SERVICE_MARK_EVERY is zero"),)
    database = Database(settings.database_url_of("reservations"))
    try:
        return await _look(settings, database)
    except (SQLAlchemyError, OSError, Failure):
        return (MARKS.off("not looked at: the reservations database does not answer, or is not migrated"),)
    finally:
        await database.close()


async def _look(settings: Settings, database: Database) -> Sequence[Finding]:
    now = datetime.now(UTC)
    waits = (OwedTime.state == OwedState.WAITING.value, OwedTime.recorded_at < now - PATIENCE)
    async with database.read() as session:
        marks = list(await session.scalars(select(ServiceMarkRow)))
        waiting = await session.scalar(select(func.count()).select_from(OwedTime).where(*waits)) or 0
    lately = [mark for mark in marks if now - mark.last_at < GONE_AFTER]
    found = [_serving(settings, mark, now) for mark in lately] or [
        MARKS.off("no part has marked its service lately")
    ]
    return (*found, _owed(waiting))


def _serving(settings: Settings, mark: ServiceMarkRow, now: datetime) -> Finding:
    about = About("service", f"{mark.component} at {mark.node_id}")
    if now - mark.last_at <= settings.outage_tolerance:
        return about.good("serves")
    return about.off(
        f"has not served since {mark.last_at:%F %T} UTC; attempts under way get that time back",
        "Start it, or see in its log what it misses: database, disk or Temporal.",
    )


def _owed(waiting: int) -> Finding:
    if not waiting:
        return OWED.good("nothing waits to be given back")
    said = f"{waiting} losses of attempts were recorded over a minute ago and are not given back"
    return OWED.bad(
        said, "The workers of proctor-io give them back, those of proctor-lifecycle take them: see both logs."
    )
