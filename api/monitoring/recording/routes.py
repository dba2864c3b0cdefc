"""Playing an attempt: one request for the times of its frames, then a few for the pictures as they are needed."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from activities.frame import FrameReader
from activities.ports import ObjectStore, StoredObject
from api.access.act import record_look
from api.context import ContextOf
from api.monitoring.frame import OfTrack
from api.monitoring.recording.index import MOST_RECORDS, parts_of
from api.monitoring.scope import feed_for
from api.security import require
from api.spool.running import RunningSpool
from api.token import CurrentPerson
from schema import pack
from schema.failures import Failure, FailureType
from schema.journal import ActKind, ActSubject
from schema.recording.task import recording_name
from schema.role import Role
from schema.stream import TrackName

MOST_FRAMES = 50_000
RECORDS = "application/octet-stream"
WEBM = "video/webm"
PIECE = 4 * 2**20  # bytes

router = APIRouter(prefix="/attempts/{attempt_id}/recording")

Reviewer = Annotated[CurrentPerson, require(Role.REVIEWER, Role.ADMIN)]


class FilmFrame(BaseModel):
    """A picture of the recording."""

    offset: str = Field(
        description="Name of the frame; a string, as it is beyond what JSON numbers keep exactly"
    )
    captured_at: datetime
    part: int = Field(description="The place in `parts` of the one that brings it")


class FilmPartShown(BaseModel):
    """What one request for pictures brings: send `after` and `limit` as they are."""

    after: str
    limit: int
    size: int = Field(description="Bytes")


class RecordingShown(BaseModel):
    """The frames of an attempt or a stretch of it in the order they were captured, whenever they arrived."""

    frames: list[FilmFrame]
    parts: list[FilmPartShown]
    video: str | None = Field(None, description="Where the exported video is, once there is one")
    next_since: datetime | None = Field(
        None, description="Send it as `since` for what follows; null at the end"
    )


@router.get("", summary="Where the pictures of a recording stand in time")
async def show_recording(
    attempt_id: UUID,
    person: Reviewer,
    context: ContextOf,
    since: Annotated[AwareDatetime | None, Query(description="Frames captured then or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Frames captured before")] = None,
    track: OfTrack = TrackName.CAMERA,
) -> RecordingShown:
    """One answer for the whole attempt, or a stretch of it; the pictures come from `/recording/pictures`."""
    feed = await feed_for(context, attempt_id, person)
    pieces = await context.kept(RunningSpool).feed.pieces(attempt_id)
    shown: list[FilmPartShown] = []
    frames: list[FilmFrame] = []
    for part in parts_of(pieces):
        if found := part.frames(track.kind, since, until):
            place = len(shown)
            shown.append(FilmPartShown(after=str(part.after), limit=part.limit, size=part.size))
            frames += [
                FilmFrame(offset=str(entry.offset), captured_at=entry.captured_at, part=place)
                for entry in found
            ]
    video = await context.store.stat(recording_name(feed.exam_id, attempt_id, track.kind))
    address = f"/api/monitoring/attempts/{attempt_id}/recording/video?track={track}" if video else None
    return _first(sorted(frames, key=lambda frame: frame.captured_at), shown, address)


@router.get(
    "/pictures",
    response_class=Response,
    responses={200: {"content": {RECORDS: {"schema": {"type": "string", "format": "binary"}}}}},
    summary="The pictures of a part of a recording",
)
async def show_pictures(
    attempt_id: UUID,
    person: Reviewer,
    context: ContextOf,
    after: Annotated[int, Query(ge=-1, le=2**63 - 1, description="`after` of the part")],
    limit: Annotated[int, Query(ge=1, le=MOST_RECORDS, description="`limit` of the part")],
    track: OfTrack = TrackName.CAMERA,
) -> Response:
    """Frames as records of the pack format (docs/stream.md, Recordings), each with its offset, time and JPEG."""
    feed = await feed_for(context, attempt_id, person)
    reader = FrameReader(context.kept(RunningSpool).feed)
    frames = await reader.frames(attempt_id, after, limit, track.kind)
    if not frames:
        raise Failure(
            FailureType.NOT_FOUND,
            "the recording has no pictures there; load the page again",
            attempt_id=attempt_id,
        )
    facts = {"exam_id": feed.exam_id}
    await record_look(context, person, ActKind.RECORDING_SEEN, ActSubject.ATTEMPT, attempt_id, **facts)
    headers = {"Cache-Control": "private, max-age=3600, immutable"}
    return Response(pack.encode_records(frames), 200, headers, RECORDS)


@router.get(
    "/video",
    response_class=StreamingResponse,
    responses={200: {"content": {WEBM: {"schema": {"type": "string", "format": "binary"}}}}},
    summary="Download the video of an attempt",
)
async def download_video(
    attempt_id: UUID, person: Reviewer, context: ContextOf, track: OfTrack = TrackName.CAMERA
) -> StreamingResponse:
    """WebM, as it was exported once the monitoring was over; only where the exam keeps recordings."""
    feed = await feed_for(context, attempt_id, person)
    stored = await context.store.stat(recording_name(feed.exam_id, attempt_id, track.kind))
    if stored is None:
        said = (
            "there is no video: the exam keeps none, it is still being made, or its time of keeping is over"
        )
        raise Failure(FailureType.NOT_FOUND, said, attempt_id=attempt_id)
    facts = {"exam_id": feed.exam_id}
    await record_look(context, person, ActKind.RECORDING_DOWNLOADED, ActSubject.ATTEMPT, attempt_id, **facts)
    headers = {
        "Cache-Control": "no-store",
        "Content-Length": str(stored.size),
        "Content-Disposition": f'attachment; filename="{track}-{attempt_id}.webm"',
    }
    return StreamingResponse(_pieces(context.store, stored), 200, headers, WEBM)


async def _pieces(store: ObjectStore, stored: StoredObject) -> AsyncIterator[bytes]:
    for start in range(0, stored.size, PIECE):
        yield await store.get(stored.name, start, min(PIECE, stored.size - start))


def _first(frames: list[FilmFrame], parts: list[FilmPartShown], video: str | None) -> RecordingShown:
    """As many as one answer carries; frames of one instant stay together."""
    following = frames[MOST_FRAMES].captured_at if len(frames) > MOST_FRAMES else None
    kept = [frame for frame in frames if following is None or frame.captured_at < following]
    if not kept:  # all of one instant
        kept, following = frames, None
    return RecordingShown(frames=kept, parts=parts, video=video, next_since=following)
