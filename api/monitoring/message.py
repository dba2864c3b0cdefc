"""Messages both ways between the student of an attempt and its proctors."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey
from api.limit import Rate
from api.monitoring.news import News
from api.monitoring.talk_access import (
    LISTENERS,
    SPEAKERS,
    attempt_for,
    book_of,
    is_open,
    is_own,
    side_of,
    speaking_side,
)
from api.monitoring.talk_shape import (
    Conversation,
    Deliveries,
    Delivery,
    MessageView,
    NewMessage,
    NewMessages,
    ReadMark,
    StandingView,
    last_of,
    message_view,
    standing_view,
)
from api.security import require
from api.token import CurrentPerson
from schema.conversation import SILENCE, Said, Saying, Side
from schema.db.tables.reservations import AttemptRow
from schema.db.tables.users import Person
from schema.failures import Failure, FailureType
from schema.role import Role

LARGEST_PAGE = 200
LONGEST_WAIT = 8  # seconds; a process that is to end waits for its requests

router = APIRouter()


@router.get("/attempts/{attempt_id}/messages", summary="What was said at an attempt")
async def list_messages(
    attempt_id: UUID,
    context: ContextOf,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="The last `number` one has")] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
    version: Annotated[int, Query(ge=0, description="`standing.version` as one knows it")] = 0,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for another version")
    ] = 0,
    reader: CurrentPerson = require(*LISTENERS),
) -> Conversation:
    """Messages after a number. With `wait` the answer comes as soon as anything changed, or after that time."""
    row = await attempt_for(context, attempt_id, reader)
    await refuse_blind(context, attempt_id, reader)
    if wait:
        await context.kept(News).wait(attempt_id, version, timedelta(seconds=wait))
        row = await attempt_for(context, attempt_id, reader)
    side = side_of(row, reader)
    book = book_of(context)
    standing = (await book.standings([attempt_id])).get(attempt_id, SILENCE)
    messages = await book.since(attempt_id, after, limit)
    names = await _names(context, row, messages, side)
    return Conversation(
        items=[message_view(said, reader.person_id, names) for said in messages],
        next_after=last_of(messages, limit),
        standing=standing_view(standing, side, is_open=is_open(row)),
    )


@router.post("/attempts/{attempt_id}/messages", status_code=201, summary="Say something to the other side")
async def send_message(
    attempt_id: UUID,
    body: NewMessage,
    context: ContextOf,
    key: IdempotencyKey,
    author: CurrentPerson = require(*SPEAKERS),
) -> MessageView:
    """From check-in until the attempt is handed in or closed. The same key says it once."""
    await context.limits.hit(Rate.MESSAGE_PERSON, str(author.person_id))
    row = await attempt_for(context, attempt_id, author)
    return await _send(context, row, author, key, body.text)


@router.post("/messages", summary="Say the same to several attempts")
async def send_messages(
    body: NewMessages,
    context: ContextOf,
    key: IdempotencyKey,
    author: CurrentPerson = require(Role.PROCTOR, Role.ADMIN),
) -> Deliveries:
    """Each attempt is answered for itself; sent again with the same key, none gets it twice."""
    await context.limits.hit(Rate.MESSAGE_PERSON, str(author.person_id))
    items = [await _delivery(context, attempt_id, author, key, body.text) for attempt_id in body.attempt_ids]
    return Deliveries(items=items)


@router.put("/attempts/{attempt_id}/messages/read", summary="Say up to where one has read")
async def mark_read(
    attempt_id: UUID, body: ReadMark, context: ContextOf, reader: CurrentPerson = require(*SPEAKERS)
) -> StandingView:
    """What one proctor has read counts as read for all. A mark never goes back."""
    row = await attempt_for(context, attempt_id, reader)
    side = side_of(row, reader)
    if side is Side.PROCTOR and not reader.has(Role.PROCTOR, Role.ADMIN):
        raise Failure(FailureType.FORBIDDEN, "read marks are for the student and the proctors of an attempt")
    standing = await book_of(context).mark_read(attempt_id, side, body.up_to)
    return standing_view(standing, side, is_open=is_open(row))


async def _delivery(
    context: Context, attempt_id: UUID, author: CurrentPerson, key: str, text: str
) -> Delivery:
    try:
        row = await attempt_for(context, attempt_id, author)
        if is_own(row, author):
            raise Failure(FailureType.FORBIDDEN, "this is your own attempt; leave it out")
        message = await _send(context, row, author, key, text)
    except Failure as failure:
        problem = f"/problems/{failure.type}"
        return Delivery(
            attempt_id=attempt_id, is_delivered=False, message=None, problem=problem, detail=failure.message
        )
    return Delivery(attempt_id=attempt_id, is_delivered=True, message=message)


async def _send(context: Context, row: AttemptRow, author: CurrentPerson, key: str, text: str) -> MessageView:
    side = speaking_side(row, author)
    saying = Saying(row.attempt_id, author.person_id, side, key, text, context.now())
    said = await book_of(context).say(saying)
    return message_view(said, author.person_id, await _names(context, row, [said], side))


async def _names(
    context: Context, row: AttemptRow, messages: Iterable[Said], reader: Side
) -> dict[UUID, str] | None:
    """Who wrote what, for those who watch."""
    if reader is Side.STUDENT:
        return None
    authors = {said.author_id for said in messages}
    query = select(Person.person_id, Person.display_name).where(Person.person_id.in_(authors))
    async with context.databases.users.read() as session:
        names = {found.person_id: found.display_name for found in await session.execute(query)}
    return names if row.name_at_door is None else {**names, row.student_id: row.name_at_door}
