"""Gives a student the right to open one stream."""

from uuid import UUID

from fastapi import APIRouter

from activities.adapters.sql.ticket import SqlTicketBook
from api.context import ContextOf
from api.security import require
from api.spool.running import RunningSpool
from api.token import CurrentPerson, hash_of, new_secret
from schema.role import Role
from schema.stream import StreamTicketGrant, TicketRequest

router = APIRouter()


@router.post("/attempts/{attempt_id}/stream-ticket", status_code=201)
async def give_stream_ticket(
    attempt_id: UUID,
    context: ContextOf,
    student: CurrentPerson = require(Role.STUDENT),
    request: TicketRequest | None = None,
) -> StreamTicketGrant:
    """A single-use ticket for `WS /api/monitoring/attempts/{attempt_id}/stream`, 30 s long.

    Open the WebSocket and send the ticket as the first message. Asking again gives another ticket; the stream
    that opens last is the one that counts. A page that names itself is not told that its own newer stream is
    another place (close code 4411 instead of 4409).
    """
    now = context.now()
    secret = new_secret()
    book = SqlTicketBook(context.databases.monitoring)
    page = request.page if request else None
    ticket = await book.give(attempt_id, student.person_id, student.session_id, hash_of(secret), now, page)
    return StreamTicketGrant(
        ticket=secret,
        attempt_id=attempt_id,
        epoch=ticket.epoch,
        expires_at=ticket.expires_at,
        server_time=now,
        stream_time=context.kept(RunningSpool).spool.now(),
        interval_ms=ticket.interval_ms,
        window=context.settings.frame_window,
        max_frame_bytes=context.settings.max_frame_bytes,
        screen_interval_ms=ticket.screen_interval_ms,
    )
