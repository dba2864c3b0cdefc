"""Workflows that are not as their rows say, for the admins' dashboard."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from activities.adapters.sql.orphan_book import SqlOrphanBook
from api.context import Context
from schema.failures import Failure
from schema.orphan import Trouble
from schema.queue import WorkflowType


class OrphanView(BaseModel):
    """A workflow that is not as its row says."""

    workflow_id: str
    kind: WorkflowType
    trouble: Trouble
    attempt_id: UUID | None
    found_at: datetime


async def orphans(context: Context) -> list[OrphanView] | None:
    """What is open, the oldest first; None when the database does not answer."""
    try:
        found = await SqlOrphanBook(context.databases.reservations).opened()
    except (SQLAlchemyError, OSError, Failure):
        return None
    return [
        OrphanView(
            workflow_id=one.workflow_id,
            kind=one.kind,
            trouble=one.trouble,
            attempt_id=one.attempt_id,
            found_at=one.found_at,
        )
        for one in found
    ]
