"""The identity photo of a check-in: looked at, stored under a name that says nothing, recorded as a step."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.access.act import record_look
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.reservations.access import OVERSEERS, actor_for, find_attempt, is_own, roles_for
from api.reservations.command import send
from api.security import require
from api.standing import current_view
from api.token import CurrentPerson
from schema.attempt import ATTEMPT, Verb
from schema.db.tables.reservations import AttemptRow, ReservationsReceipt
from schema.exam import CheckInStep
from schema.failures import Failure, FailureType
from schema.frame.jpeg import JpegLimits, read_jpeg
from schema.journal import ActKind, ActSubject
from schema.lifecycle import Actor, AttemptView, RecordCheckIn
from schema.role import Role
from schema.settings import LARGEST_FRAME, LONGEST_SIDE

router = APIRouter(prefix="/attempts/{attempt_id}")

MOST_BYTES = 2**24  # a request has fewer
LIMITS = JpegLimits(MOST_BYTES, LARGEST_FRAME, LONGEST_SIDE)
ROLES = roles_for(ATTEMPT, Verb.COMPLETE_CHECK_IN)
PICTURE = {
    "requestBody": {
        "required": True,
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}

Student = Annotated[CurrentPerson, require(*ROLES)]
Viewer = Annotated[CurrentPerson, require(Role.STUDENT, *OVERSEERS)]


@router.post(
    "/check-in/identity-photo",
    response_model=AttemptView,
    openapi_extra=PICTURE,
    summary="Show an identity photo",
)
async def record_identity_photo(
    attempt_id: UUID, request: Request, person: Student, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Send the picture as the body (image/jpeg). It is kept as long as the exam's media are."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "image/jpeg":
        raise Failure(FailureType.UNSUPPORTED, "send the picture as the body, with Content-Type: image/jpeg")
    picture = await request.body()
    read_jpeg(picture, LIMITS)
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
    actor = actor_for(row, person, ROLES)
    operation = f"identity-photo/{attempt_id}"
    receipt = Receipt(
        context.databases.reservations, ReservationsReceipt, person.person_id, operation, key, context.now()
    )
    return await receipt.once(picture, lambda: _record(context, row, actor, picture, str(receipt.id)))


@router.get(
    "/check-in/identity-photo",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "The picture"}},
    summary="See the identity photo",
)
async def show_identity_photo(attempt_id: UUID, person: Viewer, context: ContextOf) -> Response:
    """What the student showed last; for those who admit or review, and the student."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
    await refuse_blind(context, attempt_id, person)
    if not row.identity_photo or not (is_own(row, person) or person.has(*OVERSEERS)):
        raise Failure(FailureType.NOT_FOUND, "this attempt has no identity photo to show")
    if not is_own(row, person):
        facts = {"exam_id": row.exam_id}
        await record_look(
            context, person, ActKind.IDENTITY_PHOTO_SEEN, ActSubject.ATTEMPT, attempt_id, **facts
        )
    return Response(await context.store.get(row.identity_photo), media_type="image/jpeg")


async def _record(
    context: Context, row: AttemptRow, actor: Actor, picture: bytes, operation: str
) -> AttemptView:
    await _check_phase(context, row, actor)
    name = photo_name(row.exam_id, row.attempt_id, picture)
    await context.store.put(name, picture)
    command = RecordCheckIn(
        operation_id=operation, actor=actor, step=CheckInStep.IDENTITY_PHOTO, object_name=name
    )
    return await send(context, row.attempt_id, "record_check_in", command)


async def _check_phase(context: Context, row: AttemptRow, actor: Actor) -> None:
    # A picture that the workflow would refuse is not stored; the workflow itself is asked, as the row may be behind.
    view = await current_view(context, row.attempt_id)
    ATTEMPT.target(view.phase, Verb.COMPLETE_CHECK_IN, actor.role)


def photo_name(exam_id: UUID, attempt_id: UUID, picture: bytes) -> str:
    """Beside the attempt's other recordings; the same picture has the same name."""
    digest = hashlib.sha256(picture).hexdigest()[:16]
    return f"raw/recordings/{exam_id}/{attempt_id}/identity-{digest}.jpg"
