"""The WebSocket of an attempt: a ticket first, then frames and browser events."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from activities.adapters.sql.ticket import Opening
from api.context import Context, context_of
from api.monitoring.socket import StreamSocket
from api.security import anyone, check_origin
from api.spool.attempt import SpooledAttempt
from api.spool.running import RunningSpool
from api.token import hash_of
from schema.failures import Failure, FailureType
from schema.frame.jpeg import read_jpeg
from schema.frame.limit import frame_limits
from schema.record import RecordKind
from schema.stream import (
    CLIENT_MESSAGE,
    CloseCode,
    EventMessage,
    Pong,
    Ready,
    TicketMessage,
    decode_frame,
    instant_of,
)

TICKET_SECONDS = 10.0
MAX_TEXT = 4096

router = APIRouter()


@router.websocket(
    "/attempts/{attempt_id}/stream",
    dependencies=[anyone("the first message is a single-use ticket of the attempt's student")],
)
async def stream(websocket: WebSocket, attempt_id: UUID) -> None:
    """One stream, from its ticket to its end."""
    context = context_of(websocket)
    # Only browsers send an Origin, and they always do; a foreign page could not know the ticket anyway.
    if "origin" in websocket.headers:
        try:
            check_origin(websocket, context.settings)
        except Failure:
            await websocket.close(1008)  # before it is accepted: HTTP 403
            return
    await websocket.accept()
    running = context.kept(RunningSpool)
    socket = StreamSocket(websocket, running.spool, context.now)
    receiving = asyncio.create_task(_receive(context, websocket, socket, attempt_id))
    sending = asyncio.create_task(socket.send())
    try:
        await asyncio.wait({receiving, sending}, return_when=asyncio.FIRST_COMPLETED)
        if socket.is_closing:
            await sending
    finally:
        for task in (receiving, sending):
            task.cancel()
        await asyncio.gather(receiving, sending, return_exceptions=True)
        await running.spool.disconnect(attempt_id, socket)


async def _receive(context: Context, websocket: WebSocket, socket: StreamSocket, attempt_id: UUID) -> None:
    running = context.kept(RunningSpool)
    try:
        ticket = await _ticket(websocket)
        opening = await running.spool.connect(attempt_id, hash_of(ticket), socket)
    except WebSocketDisconnect:
        return
    except Failure as failure:
        passes = failure.is_retryable or failure.type is FailureType.UNAUTHENTICATED
        code = CloseCode.SUPERSEDED if failure.type is FailureType.CONFLICT else CloseCode.BAD_TICKET
        socket.close(code, failure.message, may_reconnect=passes)
        return
    socket.say(_ready(context, opening))
    with suppress(WebSocketDisconnect):
        await _take_all(context, websocket, socket, running.spool.attempts[attempt_id])


def _ready(context: Context, opening: Opening) -> Ready:
    return Ready(
        stream_id=opening.stream_id,
        epoch=opening.epoch,
        interval_ms=opening.interval_ms,
        window=context.settings.frame_window,
        server_time=context.now(),
        stream_time=context.kept(RunningSpool).spool.now(),
    )


async def _ticket(websocket: WebSocket) -> str:
    try:
        first = await asyncio.wait_for(websocket.receive_json(), TICKET_SECONDS)
        return TicketMessage.model_validate(first).ticket
    except (TimeoutError, ValueError, KeyError, RecursionError) as error:  # ValidationError is a ValueError
        raise Failure(
            FailureType.UNAUTHENTICATED, "The first message must be the ticket, as JSON, within 10 seconds."
        ) from error


async def _take_all(
    context: Context, websocket: WebSocket, socket: StreamSocket, attempt: SpooledAttempt
) -> None:
    while attempt.connection is socket and not socket.is_closing:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect" or attempt.connection is not socket:
            return
        data, text = message.get("bytes"), message.get("text")
        if data is not None:
            slowed = _take_frame(context, socket, attempt, data)
            if slowed:
                await asyncio.sleep(slowed.total_seconds())
        elif text is not None:
            _take_text(context, socket, attempt, text)
        await socket.room()


def _take_frame(context: Context, socket: StreamSocket, attempt: SpooledAttempt, data: bytes) -> timedelta:
    key: tuple[UUID, int] | tuple[None, None] = (None, None)
    try:
        frame = decode_frame(data)
        key = frame.stream_id, frame.seq
        read_jpeg(frame.jpeg, frame_limits(context.settings))
        spool = context.kept(RunningSpool).spool
        now, apart = spool.now(), spool.now.apart
        return attempt.take(frame.track.kind, key, frame.captured_at, frame.jpeg, now, apart)
    except Failure as failure:
        socket.refuse(failure, *key)
        return timedelta()


def _take_text(context: Context, socket: StreamSocket, attempt: SpooledAttempt, text: str) -> None:
    key: tuple[UUID, int] | tuple[None, None] = (None, None)
    spool = context.kept(RunningSpool).spool
    try:
        event = _event(text)
        if isinstance(event, Pong):
            return attempt.hear_pong(spool.now())
        key = event.stream_id, event.seq
        body = event.event.model_dump_json().encode()
        now, apart = spool.now(), spool.now.apart
        attempt.take(RecordKind.BROWSER_EVENT, key, instant_of(event.captured_at), body, now, apart)
    except Failure as failure:
        socket.refuse(failure, *key)


def _event(text: str) -> EventMessage | Pong:
    if len(text) > MAX_TEXT:
        raise Failure(
            FailureType.TOO_LARGE,
            f"A text message has at most {MAX_TEXT} characters; this one has {len(text)}.",
            limit=MAX_TEXT,
        )
    try:
        message = CLIENT_MESSAGE.validate_json(text)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or "JSON" for problem in error.errors()[:3])
        raise Failure(FailureType.INVALID, f"This message was not understood: look at {fields}.") from error
    if isinstance(message, TicketMessage):
        raise Failure(FailureType.INVALID, "The stream is open already; tickets are for the first message.")
    return message
