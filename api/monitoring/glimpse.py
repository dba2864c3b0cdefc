"""A glimpse of somebody who waits to be let in: their newest picture, so that a proctor can compare it with the photo.

Streams open when an exam begins; before that nothing is recorded, and of these pictures only the newest is kept.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.monitoring.frame import JPEG, IfAny
from api.monitoring.scope import WATCHERS
from api.security import require
from api.token import CurrentPerson
from schema.attempt import Phase
from schema.db.tables.monitoring import GlimpseRow
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.frame.jpeg import JpegLimits, read_jpeg
from schema.role import Role

LIMITS = JpegLimits(
    most_bytes=200_000, most_pixels=640 * 480, longest_side=1024, shortest_side=64, is_upright=True
)
FRESH = timedelta(seconds=30)
_JUST_ANSWERED = frozenset({Phase.ADMITTED, Phase.CHECKING_IN})

router = APIRouter(prefix="/attempts/{attempt_id}/glimpse")

Student = Annotated[CurrentPerson, require(Role.STUDENT)]
Watcher = Annotated[CurrentPerson, require(*WATCHERS)]


@router.put(
    "",
    status_code=204,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {JPEG: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    summary="Let a proctor see you while you wait",
)
async def put_glimpse(attempt_id: UUID, request: Request, person: Student, context: ContextOf) -> None:
    """Send the picture as the body (image/jpeg, at most 640x480); it takes the place of the one before."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JPEG:
        raise Failure(FailureType.UNSUPPORTED, "send the picture as the body, with Content-Type: image/jpeg")
    picture = await request.body()
    read_jpeg(picture, LIMITS)
    row = await _attempt(context, attempt_id, person)
    if row is None or row.student_id != person.person_id:
        raise Failure(
            FailureType.NOT_FOUND,
            "there is no such attempt; go back and choose it again",
            attempt_id=attempt_id,
        )
    if row.phase in _JUST_ANSWERED:
        return  # it was on its way when the proctor answered; nobody needs it any more
    if row.phase != Phase.AWAITING_ADMISSION:
        raise Failure(FailureType.ILLEGAL_MOVE, "only who waits to be let in shows themselves; send no more")

    async def work(session: AsyncSession) -> None:
        await session.merge(GlimpseRow(attempt_id=attempt_id, captured_at=context.now(), jpeg=picture))

    await context.databases.monitoring.run(work)


@router.get(
    "",
    response_class=Response,
    responses={200: {"content": {JPEG: {}}}},
    summary="See somebody who waits",
)
async def show_glimpse(
    attempt_id: UUID, person: Watcher, context: ContextOf, if_any: IfAny = False
) -> Response:
    """The newest picture, unless it is older than half a minute; `X-Captured-At` says how old it is."""
    row = await _attempt(context, attempt_id, person)
    await refuse_blind(context, attempt_id, person)
    async with context.databases.monitoring.read() as session:
        glimpse = await session.get(GlimpseRow, attempt_id) if row else None
    if glimpse is None or glimpse.captured_at < context.now() - FRESH:
        if if_any:
            return Response(status_code=204)
        raise Failure(FailureType.NOT_FOUND, "this student shows no picture now")
    headers = {"Cache-Control": "no-store", "X-Captured-At": glimpse.captured_at.isoformat()}
    return Response(glimpse.jpeg, 200, headers, JPEG)


async def _attempt(context: Context, attempt_id: UUID, person: CurrentPerson) -> AttemptRow | None:
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
    return row if row and row.organisation_id == person.organisation_id else None
