"""The raised hand of an attempt's student."""

from uuid import UUID

from fastapi import APIRouter

from api.context import ContextOf
from api.limit import Rate
from api.monitoring.talk_access import SPEAKERS, attempt_for, book_of, speaking_side
from api.monitoring.talk_shape import Hand, StandingView, standing_view
from api.security import require
from api.token import CurrentPerson
from schema.conversation import Side
from schema.failures import Failure, FailureType

router = APIRouter()


@router.post("/attempts/{attempt_id}/hand", summary="Raise or lower the hand")
async def move_hand(
    attempt_id: UUID, body: Hand, context: ContextOf, person: CurrentPerson = require(*SPEAKERS)
) -> StandingView:
    """The student raises and lowers it, proctors lower it. Doing it again changes nothing."""
    await context.limits.hit(Rate.MESSAGE_PERSON, str(person.person_id))
    side = speaking_side(await attempt_for(context, attempt_id, person), person)
    if body.raised and side is not Side.STUDENT:
        raise Failure(FailureType.FORBIDDEN, "only the student raises the hand; proctors lower it")
    book = book_of(context)
    if body.raised:
        standing = await book.raise_hand(attempt_id, context.now())
    else:
        standing = await book.lower_hand(attempt_id, side, context.now())
    return standing_view(standing, side, is_open=True)
