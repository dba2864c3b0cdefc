"""Playing an attempt: one request for the times of its frames, then a few for the pictures as they are needed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from activities.frame import FrameReader
from api.access.act import record_look
from api.context import ContextOf
from api.monitoring.recording.index import parts_of
from api.monitoring.scope import feed_for
from api.security import require
from api.spool.running import RunningSpool
from api.token import CurrentPerson
from schema import pack
from schema.failures import Failure, FailureType
from schema.journal import ActKind, ActSubject
from schema.role import Role

MOST_FRAMES = 50_000
MOST_RECORDS = 500
RECORDS = "application/octet-stream"

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


class Film(BaseModel):
    """The frames of an attempt or a stretch of it in the order they were captured, whenever they arrived."""

    frames: list[FilmFrame]
    parts: list[FilmPartShown]
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
) -> Film:
    """One answer for the whole attempt, or a stretch of it; the pictures come from `/recording/pictures`."""
    await feed_for(context, attempt_id, person)
    segments = await context.kept(RunningSpool).feed.indices(attempt_id)
    shown: list[FilmPartShown] = []
    frames: list[FilmFrame] = []
    for part in parts_of(segments):
        if found := part.frames(since, until):
            place = len(shown)
            shown.append(FilmPartShown(after=str(part.after), limit=part.limit, size=part.size))
            frames += [
                FilmFrame(offset=str(entry.offset), captured_at=entry.captured_at, part=place)
                for entry in found
            ]
    return _first(sorted(frames, key=lambda frame: frame.captured_at), shown)


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
) -> Response:
    """Frames as records of the pack format (docs/stream.md, Recordings), each with its offset, time and JPEG."""
    feed = await feed_for(context, attempt_id, person)
    reader = FrameReader(context.kept(RunningSpool).feed)
    frames = await reader.frames(attempt_id, after, limit)
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


def _first(frames: list[FilmFrame], parts: list[FilmPartShown]) -> Film:
    """As many as one answer carries; frames of one instant stay together."""
    if len(frames) <= MOST_FRAMES:
        return Film(frames=frames, parts=parts, next_since=None)
    following = frames[MOST_FRAMES].captured_at
    kept = [frame for frame in frames if frame.captured_at < following]
    return Film(frames=kept, parts=parts, next_since=following) if kept else Film(frames=frames, parts=parts)
