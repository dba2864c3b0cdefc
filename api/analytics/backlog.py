"""What waits on the way of frames and mails: attempts not watched yet, analysis that lags, segments, letters."""

import asyncio
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.context import Context
from schema.db.tables.monitoring import AttemptFeed, SegmentRow, WatchCheckpoint
from schema.db.tables.notifications import MailRow
from schema.failures import Failure
from schema.segment import SegmentState

DAY = timedelta(days=1)
RECENT = timedelta(minutes=1)


class Watching(BaseModel):
    """How analysis keeps up with what students send."""

    watched: int = Field(description="Attempts that are being analysed")
    unwatched: int = Field(description="Attempts that sent something in the last minute and are not")
    behind_seconds: float = Field(
        description="How old the analysis of the slowest is, against its newest frame"
    )


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
    joined = select(AttemptFeed.last_record_at, WatchCheckpoint.updated_at).join(
        WatchCheckpoint, WatchCheckpoint.attempt_id == AttemptFeed.attempt_id
    )
    is_alone = (
        ~select(WatchCheckpoint.attempt_id)
        .where(WatchCheckpoint.attempt_id == AttemptFeed.attempt_id)
        .exists()
    )
    recent = AttemptFeed.last_record_at > context.now() - RECENT
    try:
        async with context.databases.monitoring.read() as session:
            rows = (await session.execute(joined.where(is_open))).all()
            alone = await session.scalar(
                select(func.count()).select_from(AttemptFeed).where(recent, is_alone)
            )
    except (SQLAlchemyError, OSError, Failure):
        return None
    lags = [(newest - analysed).total_seconds() for newest, analysed in rows if newest is not None]
    return Watching(watched=len(rows), unwatched=alone or 0, behind_seconds=max([0.0, *lags]))


async def _segments(context: Context) -> Waiting | None:
    try:
        async with context.databases.monitoring.read() as session:
            sealed = SegmentRow.state == SegmentState.SEALED
            waiting, oldest_at = await _waiting(session, sealed, SegmentRow.sealed_at)
    except (SQLAlchemyError, OSError, Failure):
        return None
    return Waiting(waiting=waiting, oldest_at=oldest_at)


async def _letters(context: Context) -> Letters | None:
    unsent = MailRow.sent_at.is_(None) & MailRow.refused_at.is_(None)
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
