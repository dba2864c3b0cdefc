"""How far the projection is behind what happened."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from api.context import ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.db.session import Database
from schema.db.tables.analytics import TimelineEvent
from schema.db.tables.corrections import CorrectionsOutbox
from schema.db.tables.monitoring import MonitoringOutbox
from schema.db.tables.reservations import ReservationsOutbox
from schema.events import Source
from schema.role import STAFF

router = APIRouter()

Staff = Annotated[CurrentPerson, require(*sorted(STAFF))]


class Backlog(BaseModel):
    """Events of one schema that are not relayed yet."""

    source: Source
    waiting: int
    oldest_at: datetime | None = Field(None, description="When the oldest of them was written")


class Freshness(BaseModel):
    """`last_relayed_at` is null while nothing has ever been relayed."""

    at: datetime
    last_relayed_at: datetime | None
    last_occurred_at: datetime | None
    backlog: list[Backlog]


@router.get("/freshness", summary="How fresh timelines are")
async def show_freshness(_me: Staff, context: ContextOf) -> Freshness:
    """A dashboard shows this beside its figures: what is waiting is not in them."""
    newest = select(func.max(TimelineEvent.relayed_at), func.max(TimelineEvent.occurred_at))
    async with context.databases.analytics.read() as session:
        relayed_at, occurred_at = (await session.execute(newest)).one()
    bases = context.databases
    backlog = [
        await _backlog(Source.RESERVATIONS, bases.reservations, ReservationsOutbox),
        await _backlog(Source.MONITORING, bases.monitoring, MonitoringOutbox),
        await _backlog(Source.CORRECTIONS, bases.corrections, CorrectionsOutbox),
    ]
    return Freshness(
        at=context.now(), last_relayed_at=relayed_at, last_occurred_at=occurred_at, backlog=backlog
    )


async def _backlog(source: Source, database: Database, outbox: type[Any]) -> Backlog:
    waiting = select(func.count(), func.min(outbox.created_at)).where(outbox.published_at.is_(None))
    async with database.read() as session:
        count, oldest_at = (await session.execute(waiting)).one()
    return Backlog(source=source, waiting=count, oldest_at=oldest_at)
