"""Workflows that are not as their rows say, as far as the sweep has found them."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from activities.adapters.sql.orphan_book import SqlOrphanBook
from schema.db.session import Databases
from schema.failures import Failure
from schema.settings import Settings
from workers.doctor.finding import About, Finding

WORKFLOWS = About("workflows", "rows and workflows")


async def check(settings: Settings) -> Sequence[Finding]:
    """From the database, so that it is told while Temporal is away, too."""
    databases = Databases.open(settings.database_url_of)
    try:
        found = await SqlOrphanBook(databases.reservations).opened()
    except (SQLAlchemyError, OSError, Failure) as trouble:
        said = f"not looked at: the database does not answer ({type(trouble).__name__})"
        return (WORKFLOWS.off(said),)
    finally:
        await databases.close()
    if not found:
        return (WORKFLOWS.good("every open attempt, review, retention and operation has its workflow"),)
    counted = Counter((orphan.kind, orphan.trouble) for orphan in found)
    what = ", ".join(f"{many} {kind} {trouble}" for (kind, trouble), many in sorted(counted.items()))
    oldest = datetime.now(UTC) - found[0].found_at
    said = f"{what}; the first since {int(oldest.total_seconds())} s: {found[0].workflow_id}"
    advice = "Most of it is repaired by itself within a minute; `python -m workers repair` does the rest."
    return (WORKFLOWS.bad(said, advice),)
