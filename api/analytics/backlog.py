"""What waits on the way of frames and mails: attempts not watched yet, analysis that lags, segments, letters."""

import asyncio
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from activities.adapters.sql.waiting import SqlWaitingBook
from api.context import Context
from schema.db.tables.monitoring import AttemptFeed, SegmentRow, WatchCheckpoint
from schema.db.tables.notifications import MailRow
from schema.failures import Failure
from schema.lag.age import LATE_AFTER
from schema.segment import SegmentState

DAY = timedelta(days=1)
RECENT = timedelta(minutes=1)


class Watching(BaseModel):
    """How analysis keeps up with what students send."""

    watched: int = Field(description="Attempts that are being analysed")
    unwatched: int = Field(description="Attempts that sent something in the last minute and are not")
    behind_seconds: float = Field(description="Age of the oldest accepted record that is not analysed")
    behind: int = Field(0, description="Attempts of which a record has waited longer than a detector takes")


class Waiting(BaseModel):
    """How much waits, and since when the oldest."""

    waiting: int
    oldest_at: datetime | None


class Letters(Waiting):
    """Mails."""

    refused: int = Field(description="Those of the last day that were refused for good")


class Backlog(BaseModel):
    """Each is null where its schema does not answer."""

    watching: Watching | None
    segments: Waiting | None = Field(description="Recorded segments on their way to the store")
    letters: Letters | None


async def backlog(context: Context) -> Backlog:
    """All three."""
    watched, sealed, unsent = await asyncio.gather(_watching(context), _segments(context), _letters(context))
    return Backlog(watching=watched, segments=sealed, letters=unsent)


async def _watching(context: Context) -> Watching | None:
    is_open = WatchCheckpoint.finished_at.is_(None)
    is_alone = (
        ~select(WatchCheckpoint.attempt_id)
        .where(WatchCheckpoint.attempt_id == AttemptFeed.attempt_id)
        .exists()
    )
    recent = AttemptFeed.last_record_at > context.now() - RECENT
    try:
        async with context.databases.monitoring.read() as session:
            watched = await session.scalar(select(func.count()).select_from(WatchCheckpoint).where(is_open))
            alone = await session.scalar(
                select(func.count()).select_from(AttemptFeed).where(recent, is_alone)
            )
        lags = (await SqlWaitingBook(context.databases.monitoring).lags(context.now())).values()
    except (SQLAlchemyError, OSError, Failure):
        return None
    return Watching(
        watched=watched or 0,
        unwatched=alone or 0,
        behind_seconds=round(max((lag.total_seconds() for lag in lags), default=0.0), 1),
        behind=sum(lag > LATE_AFTER for lag in lags),
    )


async def _segments(context: Context) -> Waiting | None:
    try:
        async with context.databases.monitoring.read() as session:
            sealed = SegmentRow.state == SegmentState.SEALED
            waiting, oldest_at = await _waiting(session, sealed, SegmentRow.sealed_at)
    except (SQLAlchemyError, OSError, Failure):
        return None
    return Waiting(waiting=waiting, oldest_at=oldest_at)


async def _letters(context: Context) -> Letters | None:
    unsent = MailRow.sent_at.is_(None) & MailRow.refused_at.is_(None) & MailRow.held_at.is_(None)
    refused = select(func.count()).select_from(MailRow).where(MailRow.refused_at > context.now() - DAY)
    try:
        async with context.databases.notifications.read() as session:
            waiting, oldest_at = await _waiting(session, unsent, MailRow.created_at)
            many = await session.scalar(refused)
    except (SQLAlchemyError, OSError, Failure):
        return None
    return Letters(waiting=waiting, oldest_at=oldest_at, refused=many or 0)


async def _waiting(
    session: AsyncSession,
    where: ColumnElement[bool],
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> tuple[int, datetime | None]:
    row = (await session.execute(select(func.count(), func.min(at)).where(where))).one()
    return row[0], row[1]
