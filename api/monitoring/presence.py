"""Whether an attempt's browser is there, and whether somebody watches what it sends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from activities.adapters.sql.waiting import lag_of_rows
from api.context import ContextOf
from api.monitoring.frame import IfAny
from api.monitoring.scope import feed_for
from api.registry import Models
from api.security import SignedIn
from schema.db.tables.monitoring import AttemptFeed, IncidentRow, WatchCheckpoint
from schema.failures import Failure, FailureType
from schema.incident import IncidentKind
from schema.lag.age import LATE_AFTER
from schema.stream import Presence

SILENT_AFTER = timedelta(seconds=15)
# Not what somebody would hide better if they were told that it is seen.
MENDABLE = (
    IncidentKind.FACE_ABSENT,
    IncidentKind.MULTIPLE_FACES,
    IncidentKind.WEBCAM_DISABLED,
    IncidentKind.LOW_LIGHT,
    IncidentKind.FROZEN_PICTURE,
    IncidentKind.CAMERA_TURNED,
)

router = APIRouter()


class HealthTrouble(StrEnum):
    """Why monitoring is not healthy."""

    NEVER = "never"  # nothing was ever sent
    CONNECTING = "connecting"
    MISSING = "missing"
    NO_PICTURE = "no_picture"
    STALE = "stale"
    UNASSIGNED = "unassigned"  # no detector has taken the attempt up
    STOPPED = "stopped"  # the one that had has not looked for a while
    BEHIND = "behind"
    MODEL = "model"  # one is damaged or missing


WORDS: dict[HealthTrouble, str] = {
    HealthTrouble.NEVER: "the browser has never sent anything",
    HealthTrouble.CONNECTING: "the browser is about to connect",
    HealthTrouble.MISSING: "the browser is not connected",
    HealthTrouble.NO_PICTURE: "the connection is open and no picture comes",
    HealthTrouble.STALE: "nothing came for {seconds:.0f} seconds",
    HealthTrouble.UNASSIGNED: "no detector watches",
    HealthTrouble.STOPPED: "the detector has stopped: nothing was analysed for {seconds:.0f} seconds",
    HealthTrouble.BEHIND: "the detector is {seconds:.0f} seconds behind",
    HealthTrouble.MODEL: "{detail}",
}
_ABSENT = {
    Presence.NEVER: HealthTrouble.NEVER,
    Presence.CONNECTING: HealthTrouble.CONNECTING,
    Presence.MISSING: HealthTrouble.MISSING,
    Presence.DEGRADED: HealthTrouble.NO_PICTURE,
}


class HealthReason(BaseModel):
    """One reason; `seconds` is for how long, where that is known; `detail` names the thing."""

    trouble: HealthTrouble
    seconds: float | None = None
    detail: str = ""

    @property
    def words(self) -> str:
        """For people who read no language but the interface's."""
        return WORDS[self.trouble].format(seconds=self.seconds or 0, detail=self.detail)


class Health(BaseModel):
    """Silence is never shown as health: `is_healthy` needs fresh records and a detector that keeps up."""

    attempt_id: UUID
    presence: Presence
    last_record_at: datetime | None
    interval_ms: int
    analysed_at: datetime | None = Field(description="When the detector last wrote down how far it is")
    lag_seconds: float | None = Field(
        description="Age of the oldest record that no detector has looked at; 0 where it keeps up, null once all "
        "of an attempt that was handed in is analysed"
    )
    is_healthy: bool
    troubles: list[str] = Field(description="Why not, in words", examples=[["nothing came for 12 seconds"]])
    reasons: list[HealthReason] = Field([], description="The same for programs, in the same order")


class HealthNow(Health):
    """The same, with what the student can mend."""

    to_mend: list[IncidentKind] = Field(
        description="What lasts at this moment and the student can change: said to them kindly, and at once"
    )


@router.get("/attempts/{attempt_id}/presence", response_model=HealthNow)
async def show_presence(
    attempt_id: UUID, context: ContextOf, person: SignedIn, if_any: IfAny = False
) -> HealthNow | Response:
    """For those who watch, and for the student whose attempt it is."""
    try:
        feed = await feed_for(context, attempt_id, person, may_be_own=True)
    except Failure as failure:
        if if_any and failure.type is FailureType.NOT_FOUND:
            return Response(status_code=204)
        raise
    lasting = select(IncidentRow.kind).where(
        IncidentRow.attempt_id == attempt_id,
        IncidentRow.ended_at.is_(None),
        IncidentRow.kind.in_(MENDABLE),
    )
    async with context.databases.monitoring.read() as session:
        checkpoint = await session.get(WatchCheckpoint, attempt_id)
        kinds = sorted(set(await session.scalars(lasting)))
    health = health_of(feed, checkpoint, context.now())
    if person.person_id != feed.student_id:
        health = with_models(health, await context.kept(Models).troubles())
    return HealthNow(**health.model_dump(), to_mend=[IncidentKind(kind) for kind in kinds])


def health_of(feed: AttemptFeed, checkpoint: WatchCheckpoint | None, now: datetime) -> Health:
    """Presence and the detector's lag together."""
    presence = Presence(feed.presence)
    lag = lag_of_rows(feed, checkpoint, now)
    reasons = [*_absence(feed, presence, now), *_neglect(checkpoint, lag, now)]
    return Health(
        attempt_id=feed.attempt_id,
        presence=presence,
        last_record_at=feed.last_record_at,
        interval_ms=feed.interval_ms,
        analysed_at=checkpoint.updated_at if checkpoint else None,
        lag_seconds=round(lag.total_seconds(), 1) if lag is not None else None,
        is_healthy=presence is Presence.ONLINE and not reasons,
        troubles=[reason.words for reason in reasons],
        reasons=reasons,
    )


def with_models(health: Health, troubles: Sequence[str]) -> Health:
    """The same with what is wrong with models, where no detector keeps up: that may be why."""
    unwatched = {HealthTrouble.UNASSIGNED, HealthTrouble.STOPPED, HealthTrouble.BEHIND}
    if not troubles or unwatched.isdisjoint(reason.trouble for reason in health.reasons):
        return health
    damaged = [HealthReason(trouble=HealthTrouble.MODEL, detail=trouble) for trouble in troubles]
    return health.model_copy(
        update={"troubles": [*health.troubles, *troubles], "reasons": [*health.reasons, *damaged]}
    )


def _absence(feed: AttemptFeed, presence: Presence, now: datetime) -> list[HealthReason]:
    if presence in _ABSENT:
        return [HealthReason(trouble=_ABSENT[presence], seconds=_since(feed.last_record_at, now))]
    silent = _since(feed.last_record_at, now)
    # The API node writes this down every two seconds: older news means that the node itself is gone.
    if presence is Presence.ONLINE and silent is not None and silent > SILENT_AFTER.total_seconds():
        return [HealthReason(trouble=HealthTrouble.STALE, seconds=silent)]
    return []


def _neglect(checkpoint: WatchCheckpoint | None, lag: timedelta | None, now: datetime) -> list[HealthReason]:
    if lag is None:
        return []
    behind = round(lag.total_seconds(), 1)
    if checkpoint is None:
        return [HealthReason(trouble=HealthTrouble.UNASSIGNED, seconds=behind)]
    if lag <= LATE_AFTER:
        return []
    has_stopped = now - checkpoint.updated_at > LATE_AFTER
    return [
        HealthReason(trouble=HealthTrouble.STOPPED if has_stopped else HealthTrouble.BEHIND, seconds=behind)
    ]


def _since(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else round(max(0.0, (now - at).total_seconds()), 1)
