"""Whether an attempt's browser is there, and whether somebody watches what it sends."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.context import ContextOf
from api.monitoring.scope import feed_for
from api.security import SignedIn
from schema.db.tables.monitoring import AttemptFeed, IncidentRow, WatchCheckpoint
from schema.incident import IncidentKind
from schema.stream import Presence

LATE_AFTER = timedelta(seconds=15)
# Not what somebody would hide better if they were told that it is seen.
MENDABLE = (
    IncidentKind.FACE_ABSENT,
    IncidentKind.MULTIPLE_FACES,
    IncidentKind.WEBCAM_DISABLED,
    IncidentKind.LOW_LIGHT,
)

router = APIRouter()


class Health(BaseModel):
    """Silence is never shown as health: `is_healthy` needs fresh records and a detector that keeps up."""

    attempt_id: UUID
    presence: Presence
    last_record_at: datetime | None
    interval_ms: int
    analysed_at: datetime | None = Field(description="When the detector last wrote down how far it is")
    lag_seconds: float | None = Field(
        description="How far the detector is behind; null before it began or after it finished"
    )
    is_healthy: bool
    troubles: list[str] = Field(description="Why not, in words", examples=[["nothing came for 12 seconds"]])


class HealthNow(Health):
    """The same, with what the student can mend."""

    to_mend: list[IncidentKind] = Field(
        description="What lasts at this moment and the student can change: said to them kindly, and at once"
    )


@router.get("/attempts/{attempt_id}/presence")
async def show_presence(attempt_id: UUID, context: ContextOf, person: SignedIn) -> HealthNow:
    """For those who watch, and for the student whose attempt it is."""
    feed = await feed_for(context, attempt_id, person, may_be_own=True)
    lasting = select(IncidentRow.kind).where(
        IncidentRow.attempt_id == attempt_id,
        IncidentRow.ended_at.is_(None),
        IncidentRow.kind.in_(MENDABLE),
    )
    async with context.databases.monitoring.read() as session:
        checkpoint = await session.get(WatchCheckpoint, attempt_id)
        kinds = sorted(set(await session.scalars(lasting)))
    health = health_of(feed, checkpoint, context.now())
    return HealthNow(**health.model_dump(), to_mend=[IncidentKind(kind) for kind in kinds])


def health_of(feed: AttemptFeed, checkpoint: WatchCheckpoint | None, now: datetime) -> Health:
    """Presence and the detector's lag together."""
    presence = Presence(feed.presence)
    lag = _lag(feed, checkpoint)
    troubles = [] if presence is Presence.CLOSED else [*_absence(feed, presence, now), *_neglect(lag)]
    return Health(
        attempt_id=feed.attempt_id,
        presence=presence,
        last_record_at=feed.last_record_at,
        interval_ms=feed.interval_ms,
        analysed_at=checkpoint.updated_at if checkpoint else None,
        lag_seconds=lag.total_seconds() if lag is not None else None,
        is_healthy=presence is Presence.ONLINE and not troubles,
        troubles=troubles,
    )


def _lag(feed: AttemptFeed, checkpoint: WatchCheckpoint | None) -> timedelta | None:
    if checkpoint is None or checkpoint.finished_at is not None:
        return None
    if feed.last_record_at is None:
        return timedelta()
    return max(timedelta(), feed.last_record_at - checkpoint.updated_at)


def _absence(feed: AttemptFeed, presence: Presence, now: datetime) -> list[str]:
    words = {
        Presence.NEVER: "the browser has never sent anything",
        Presence.CONNECTING: "the browser is about to connect",
        Presence.MISSING: "the browser is not connected",
        Presence.DEGRADED: "the connection is open and no picture comes",
    }
    troubles = [words[presence]] if presence in words else []
    if (
        presence is Presence.ONLINE
        and feed.last_record_at is not None
        and now - feed.last_record_at > LATE_AFTER
    ):
        # The API node writes this down every two seconds: older news means that the node itself is gone.
        troubles.append(f"nothing came for {(now - feed.last_record_at).total_seconds():.0f} seconds")
    return troubles


def _neglect(lag: timedelta | None) -> list[str]:
    if lag is None:
        return ["no detector watches"]
    return [f"the detector is {lag.total_seconds():.0f} seconds behind"] if lag > LATE_AFTER else []
