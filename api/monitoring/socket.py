"""The node's end of one WebSocket: what it says goes through one queue, in order, and never blocks the spool."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from api.spool.spool import Spool
from schema.failures import Failure
from schema.model import Message
from schema.stream import Ack, AckMessage, CloseCode, Closing, Ping, Refused

_CROWDED = 200  # unsent messages: a browser that does not read is not read from
_REASON_BYTES = 120  # RFC 6455, section 5.5: a control frame has room for 125 bytes, two are the code


class StreamSocket:
    """Implements the spool's Connection."""

    def __init__(self, websocket: WebSocket, spool: Spool, now: Callable[[], datetime]) -> None:
        self.session_id = UUID(int=0)
        self.is_closing = False
        self._websocket = websocket
        self._spool = spool
        self._now = now
        self._unsent: asyncio.Queue[Message] = asyncio.Queue()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._last: Closing | None = None

    def say(self, message: Message) -> None:
        """Queue a message; after `close` nothing more is said."""
        if not self.is_closing:
            self._unsent.put_nowait(message)
            if self._unsent.qsize() > _CROWDED:
                self._has_room.clear()

    def acknowledge(self, acks: Sequence[Ack], interval_ms: int) -> None:
        """Tell the browser what is durable."""
        self.say(
            AckMessage(
                acks=tuple(acks),
                load=self._spool.sync.load,
                interval_ms=interval_ms,
                server_time=self._now(),
                stream_time=self._spool.now(),
            )
        )

    def ping(self) -> None:
        """Ask the browser whether it is there."""
        self.say(Ping())

    def refuse(self, failure: Failure, stream_id: UUID | None = None, seq: int | None = None) -> None:
        """Tell the browser why a record was not taken; the connection stays."""
        limit = failure.extra.get("limit")
        self.say(
            Refused(
                stream_id=stream_id,
                seq=seq,
                reason=failure.type,
                message=failure.message,
                limit=limit if isinstance(limit, int) else None,
            )
        )

    def announce(self, code: CloseCode, message: str, *, may_reconnect: bool) -> None:
        """Tell the browser that the socket will be closed."""
        self.say(Closing(code=code, message=message, may_reconnect=may_reconnect))

    def close(self, code: CloseCode, message: str, *, may_reconnect: bool) -> None:
        """Close, after everything that was to be said; only the first reason counts."""
        if self.is_closing:
            return
        self._last = Closing(code=code, message=message, may_reconnect=may_reconnect)
        self.say(self._last)
        self.is_closing = True

    async def send(self) -> None:
        """Send what is queued until the socket is closed, by us or by the browser."""
        try:
            while True:
                message = await self._unsent.get()
                await self._websocket.send_text(message.model_dump_json())
                if self._unsent.empty():
                    self._has_room.set()
                if message is self._last:
                    reason = self._last.message.encode()[:_REASON_BYTES].decode(errors="ignore")
                    await self._websocket.close(self._last.code, reason)
                    return
        except WebSocketDisconnect:
            return

    async def room(self) -> None:
        """Wait until the browser has read what it was told."""
        await self._has_room.wait()
