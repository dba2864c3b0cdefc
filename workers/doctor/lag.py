"""Whether detectors keep up with what students send, by the one definition of lag."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from activities.adapters.sql.waiting import SqlWaitingBook
from schema.db.session import Database
from schema.failures import Failure
from schema.lag.age import ALERT_AFTER, LATE_AFTER
from schema.settings import Settings
from workers.doctor.finding import About, Finding

LAG = About("detection", "lag")
MENDS = "See that workers of proctor-ml run, how many attempts each may watch (ML_CAPACITY), and their logs."


async def check(settings: Settings) -> Sequence[Finding]:
    """The age of the oldest accepted record that nobody has looked at."""
    database = Database(settings.database_url_of("monitoring"))
    try:
        lags = await SqlWaitingBook(database).lags(datetime.now(UTC))
    except (SQLAlchemyError, OSError, Failure):
        return (LAG.off("not looked at: the monitoring database does not answer, or is not migrated"),)
    finally:
        await database.close()
    late = [lag for lag in lags.values() if lag > LATE_AFTER]
    if not late:
        return (LAG.good("detectors keep up"),)
    said = (
        f"analysis of {len(late)} attempts is behind, the oldest record by {max(late).total_seconds():.0f} s"
    )
    return (LAG.bad(said, MENDS) if max(late) > ALERT_AFTER else LAG.doubt(said, MENDS),)
