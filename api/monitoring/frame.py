"""Pictures: an attempt's newest frame, a list of its frames, and one frame by its offset."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from activities.frame import PICTURES
from api.access.act import record_look
from api.context import ContextOf
from api.monitoring.scope import WATCHERS, feed_for
from api.security import require
from api.spool.running import RunningSpool
from api.token import CurrentPerson
from schema.failures import Failure, FailureType
from schema.journal import ActKind, ActSubject
from schema.record import Record
from schema.stream import TrackName

JPEG = "image/jpeg"
LARGEST_LIST = 2000

IfAny = Annotated[bool, Query(description="No content, in place of a 404, where there is no picture yet")]
OfTrack = Annotated[TrackName, Query(description="Of the camera or of the screen, where that is shared")]

router = APIRouter(prefix="/attempts/{attempt_id}/frames")


class FrameStop(BaseModel):
    """A frame on the timeline."""

    offset: str = Field(
        description="Name of the frame; a string, as it is beyond what JSON numbers keep exactly"
    )
    captured_at: datetime


class FrameStops(BaseModel):
    """Frames in the order they arrived."""

    items: list[FrameStop]
    next_after: str | None = Field(None, description="Send it as `after` for the next ones; null at the end")


@router.get("")
async def list_frames(
    attempt_id: UUID,
    context: ContextOf,
    after: Annotated[int, Query(ge=-1, le=2**63 - 1, description="`next_after` of the list before")] = -1,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIST)] = 500,
    track: OfTrack = TrackName.CAMERA,
    watcher: CurrentPerson = require(*WATCHERS),
) -> FrameStops:
    """Where frames stand in time, for playing them back."""
    await feed_for(context, attempt_id, watcher)
    feed = context.kept(RunningSpool).feed
    entries = await feed.index(attempt_id, after, limit, track.kind)
    items = [FrameStop(offset=str(entry.offset), captured_at=entry.captured_at) for entry in entries]
    return FrameStops(items=items, next_after=items[-1].offset if len(items) == limit else None)


@router.get("/latest", response_class=Response, responses={200: {"content": {JPEG: {}}}})
async def show_latest_frame(
    attempt_id: UUID,
    context: ContextOf,
    if_any: IfAny = False,
    track: OfTrack = TrackName.CAMERA,
    watcher: CurrentPerson = require(*WATCHERS),
) -> Response:
    """The newest durable frame; `X-Captured-At` says how old it is."""
    await feed_for(context, attempt_id, watcher)
    record = await context.kept(RunningSpool).feed.latest(attempt_id, track.kind)
    if record is None and if_any:
        return Response(status_code=204)
    if record is None:
        raise Failure(FailureType.NOT_FOUND, "no frame of this attempt has come yet")
    return picture_of(record, "no-store")


@router.get("/{offset}", response_class=Response, responses={200: {"content": {JPEG: {}}}})
async def show_frame(
    attempt_id: UUID, offset: int, context: ContextOf, watcher: CurrentPerson = require(*WATCHERS)
) -> Response:
    """One frame."""
    facts = {"exam_id": (await feed_for(context, attempt_id, watcher)).exam_id}
    await record_look(context, watcher, ActKind.EVIDENCE_SEEN, ActSubject.ATTEMPT, attempt_id, **facts)
    return await frame_at(context, attempt_id, offset)


async def frame_at(context: ContextOf, attempt_id: UUID, offset: int) -> Response:
    """The picture at an offset. Raises NOT_FOUND."""
    is_offset = 0 < offset < 2**63
    record = await context.kept(RunningSpool).feed.record(attempt_id, offset) if is_offset else None
    if record is None or record.kind not in PICTURES:
        raise Failure(FailureType.NOT_FOUND, f"this attempt has no frame {offset}; see the list of frames")
    return picture_of(record, "private, max-age=3600, immutable")


def picture_of(record: Record, caching: str) -> Response:
    """The JPEG as it was sent, with its place and time."""
    headers = {
        "Cache-Control": caching,
        "X-Frame-Offset": str(record.offset),
        "X-Captured-At": record.captured_at.isoformat(),
    }
    return Response(record.body, 200, headers, JPEG)
