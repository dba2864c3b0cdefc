"""An attempt's timeline, read from the projection that the relay feeds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.analytics.access import readable_attempt
from api.context import ContextOf
from api.paging import Page, PagingOf, page_along
from api.security import SignedIn
from schema.db.tables.analytics import TimelineEvent
from schema.role import Role

READERS = frozenset({Role.PROCTOR, Role.REVIEWER, Role.ADMIN})
ITEMS = frozenset({"items"})  # of grading_completed

router = APIRouter()


class TimelineEntry(BaseModel):
    """One event; `sequence` orders those of one attempt and source, gapless from 1."""

    event_id: UUID
    topic: str = Field(examples=["attempt_changed"])
    source: str = Field(examples=["reservations"])
    sequence: int
    occurred_at: datetime
    relayed_at: datetime = Field(description="When it reached this projection")
    data: dict[str, Any]


@router.get("/attempts/{attempt_id}/timeline", summary="What happened in an attempt")
async def show_timeline(
    attempt_id: UUID, me: SignedIn, context: ContextOf, paging: PagingOf
) -> Page[TimelineEntry]:
    """Oldest first. For proctors, reviewers and admins, and for its student once the result is released.

    What each question earned is told to its student in the result only.
    """
    attempt = await readable_attempt(attempt_id, me, context, READERS)
    left_out = ITEMS if attempt.student_id == me.person_id else frozenset[str]()
    order = (TimelineEvent.occurred_at, TimelineEvent.source, TimelineEvent.sequence)
    rows = select(TimelineEvent).where(TimelineEvent.attempt_id == attempt_id)
    async with context.databases.analytics.read() as session:
        return await page_along(session, rows, paging, order, lambda row: _entry(row, left_out))


def _entry(row: TimelineEvent, left_out: frozenset[str]) -> TimelineEntry:
    return TimelineEntry(
        event_id=row.event_id,
        topic=row.topic,
        source=row.source,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        relayed_at=row.relayed_at,
        data={name: value for name, value in row.data.items() if name not in left_out},
    )
