"""A browser's half of the stream: frames and events are kept until acknowledged, and sent again after an outage."""

import asyncio
import contextlib
import json
import struct
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from api.demo.person import Person, Refused

HEADER = struct.Struct(">16sIQ")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RECONNECT_AFTER = 0.5
ATTEMPT_CLOSED = 4410

Message = str | bytes
Key = tuple[UUID, int]


class Camera:
    """Streams for one attempt until closed; `acknowledged` and `refused` are what the server said."""

    def __init__(self, student: Person, attempt_id: str) -> None:
        self._student = student
        self._attempt_id = attempt_id
        self._waiting: OrderedDict[Key, Message] = OrderedDict()
        self._unsent: list[tuple[datetime, Callable[[UUID, int, int], Message]]] = []
        self._stream: UUID | None = None
        self._socket: ClientConnection | None = None
        self._seq = 0
        self._is_over = False
        self._clock_offset = timedelta(0)
        self._asked_at = EPOCH
        self._runner: asyncio.Task[None] | None = None
        self.acknowledged: dict[Key, int] = {}
        self.refused: list[dict[str, Any]] = []
        self.connections = 0

    @property
    def unanswered(self) -> int:
        """How many pictures and events wait for the server's word."""
        return len(self._waiting) + len(self._unsent)

    def open(self) -> None:
        """Start connecting, and keep connecting whenever the connection is lost."""
        self._runner = asyncio.create_task(self._keep_connected())

    async def frame(self, jpeg: bytes, captured_at: datetime | None = None) -> None:
        """Send a picture, or keep it for later; captured now, or when this clock said so."""
        await self._record(lambda stream, seq, at: HEADER.pack(stream.bytes, seq, at) + jpeg, captured_at)

    async def event(self, kind: str, captured_at: datetime | None = None) -> None:
        """Send a browser event, or keep it for later."""

        def message(stream: UUID, seq: int, at: int) -> str:
            body = {
                "type": "event",
                "stream_id": str(stream),
                "seq": seq,
                "captured_at": at,
                "event": {"kind": kind},
            }
            return json.dumps(body)

        await self._record(message, captured_at)

    async def drained(self, within: float = 60.0) -> None:
        """Return once everything is acknowledged. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while self.unanswered:
                await asyncio.sleep(0.05)

    async def until_dismissed(self, within: float = 10.0) -> None:
        """Return once the server has said that it takes no more, or after a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self._is_over:
                    await asyncio.sleep(0.05)

    async def drop(self) -> None:
        """Lose the connection, as a bad network does; another one follows by itself."""
        if self._socket is not None:
            await self._socket.close()

    async def close(self) -> None:
        """Hang up."""
        if self._runner is not None:
            self._runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._runner
        if self._socket is not None:
            await self._socket.close()

    async def _record(self, build: Callable[[UUID, int, int], Message], captured_at: datetime | None) -> None:
        self._unsent.append(((captured_at or datetime.now(UTC)) + self._clock_offset, build))
        await self._flush()

    async def _flush(self) -> None:
        # Asked each time: while one message is sent, the connection may end.
        while self._unsent and self._stream is not None and self._socket is not None:
            at, build = self._unsent.pop(0)
            self._seq += 1
            message = build(self._stream, self._seq, (at - EPOCH) // timedelta(milliseconds=1))
            self._waiting[self._stream, self._seq] = message
            await self._send(message)

    async def _send(self, message: Message) -> None:
        # A lost connection is noticed by the reader; what was not acknowledged is sent again.
        with contextlib.suppress(WebSocketException):
            if self._socket is not None:
                await self._socket.send(message)

    async def _keep_connected(self) -> None:
        while not self._is_over:
            # Any loss of the connection is answered by connecting again.
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                await self._talk()
            self._socket, self._stream = None, None
            await asyncio.sleep(RECONNECT_AFTER)

    async def _talk(self) -> None:
        path = f"/api/monitoring/attempts/{self._attempt_id}"
        try:
            grant = await self._student.post(f"{path}/stream-ticket")
        except Refused:  # the attempt takes no frames any more
            self._is_over = True
            return
        address = self._student.server.replace("http", "ws", 1) + f"{path}/stream"
        async with connect(address, origin=self._student.server, proxy=None, max_size=2**20) as socket:  # type: ignore[arg-type]
            self._asked_at = datetime.now(UTC)
            await socket.send(json.dumps({"type": "ticket", "ticket": grant["ticket"]}))
            async for text in socket:
                await self._hear(socket, json.loads(text))
            self._is_over = socket.close_code == ATTEMPT_CLOSED

    async def _hear(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "ready":
            await self._ready(socket, message)
        elif kind == "ack":
            for ack in message["acks"]:
                key = UUID(ack["stream_id"]), ack["seq"]
                self._waiting.pop(key, None)
                self.acknowledged[key] = ack["offset"]
        elif kind == "ping":
            await socket.send(json.dumps({"type": "pong"}))
        elif kind == "refused":
            self.refused.append(message)
            if message.get("stream_id") and message.get("seq"):
                self._waiting.pop((UUID(message["stream_id"]), message["seq"]), None)

    def _offset_to(self, server_time: datetime) -> timedelta:
        """By how much the clocks differ for sure: the server looked at its own between our question and its answer."""
        return max(server_time - datetime.now(UTC), min(server_time - self._asked_at, timedelta(0)))

    async def _ready(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        self.connections += 1
        self._clock_offset = self._offset_to(datetime.fromisoformat(message["server_time"]))
        again = list(self._waiting.values())
        self._socket, self._stream, self._seq = socket, UUID(message["stream_id"]), 0
        for waiting in again:
            await self._send(waiting)
        await self._flush()
