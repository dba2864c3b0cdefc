"""An attempt's timeline, read from the projection that the relay feeds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.analytics.access import readable_attempt
from api.context import ContextOf
from api.paging import Page, Paging, PagingOf, page_from
from api.security import SignedIn
from schema.db.tables.analytics import TimelineEvent
from schema.role import Role

READERS = frozenset({Role.PROCTOR, Role.REVIEWER, Role.ADMIN})

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
    """Oldest first. For proctors, reviewers and admins, and for its student once the result is released."""
    await readable_attempt(attempt_id, me, context, READERS)
    order = (TimelineEvent.occurred_at, TimelineEvent.source, TimelineEvent.sequence)
    events = select(TimelineEvent).where(TimelineEvent.attempt_id == attempt_id).order_by(*order)
    async with context.databases.analytics.read() as session:
        rows = (await session.scalars(events)).all()
    start = _place_after(rows, paging)
    some = rows[start : start + paging.limit + 1]
    return page_from(some, paging, _entry, lambda row: (row.occurred_at, row.event_id))


def _place_after(rows: Sequence[TimelineEvent], paging: Paging) -> int:
    # An attempt has hundreds of events, so its page is cut here, where events of one instant keep their order.
    if paging.after is None:
        return 0
    at, last = paging.after
    for place, row in enumerate(rows):
        if row.event_id == last:
            return place + 1
    return sum(row.occurred_at <= at for row in rows)


def _entry(row: TimelineEvent) -> TimelineEntry:
    return TimelineEntry(
        event_id=row.event_id,
        topic=row.topic,
        source=row.source,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        relayed_at=row.relayed_at,
        data=row.data,
    )
