"""What our own processes read: records of an attempt, sealed segments, and a word that an attempt was closed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.context import ContextOf
from api.security import internal
from api.spool.running import RunningSpool
from schema import pack
from schema.failures import Failure, FailureType
from schema.stream import FINAL_HEADER

LONGEST_WAIT = 10.0
MAX_RECORDS = 500
MEDIA_TYPE = "application/octet-stream"

router = APIRouter(prefix="/internal", dependencies=[internal()], include_in_schema=False)


@router.get("/attempts/{attempt_id}/records")
async def read_records(
    attempt_id: UUID,
    context: ContextOf,
    after: Annotated[int, Query(ge=-1, le=2**63 - 1)] = -1,
    limit: Annotated[int, Query(ge=1, le=MAX_RECORDS)] = 50,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
) -> Response:
    """Durable records after an offset, as in a pack; waits up to `wait` seconds for the first."""
    page = await context.kept(RunningSpool).feed.read(attempt_id, after, limit, wait)
    headers = {FINAL_HEADER: str(page.is_final).lower()}
    return Response(pack.encode_records(page.records), 200, headers, MEDIA_TYPE)


@router.get("/segments/{segment_id}")
async def read_segment(segment_id: UUID, context: ContextOf) -> Response:
    """A sealed segment of this node, whole."""
    spool = context.kept(RunningSpool).spool
    segment = await spool.segments.segment(segment_id)
    if segment is None or segment.last_offset is None or not spool.shelf.has(segment):
        raise Failure(
            FailureType.NOT_FOUND,
            "this segment is not sealed on this node",
            segment_id=segment_id,
        )
    return Response(spool.shelf.read(segment, 0, segment.size), 200, media_type=MEDIA_TYPE)


@router.post("/attempts/{attempt_id}/closed", status_code=204)
async def notice_closed(attempt_id: UUID, context: ContextOf) -> None:
    """Look at this attempt now instead of within a second."""
    await context.kept(RunningSpool).keeper.look_at(attempt_id)
