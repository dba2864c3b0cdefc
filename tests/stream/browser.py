"""A browser as the API node sees it: asks for tickets, opens the WebSocket, sends frames and events, reads answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Self, TypeVar
from uuid import UUID

import httpx
import numpy as np
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from schema.record import BrowserEvent, BrowserEventKind
from schema.stream import (
    SERVER_MESSAGE,
    Ack,
    AckMessage,
    Closing,
    EventMessage,
    FrameMessage,
    Ping,
    Pong,
    Ready,
    Refused,
    StreamTicketGrant,
    TicketMessage,
    Track,
    encode_frame,
    milliseconds_of,
)

M = TypeVar("M", Ready, AckMessage, Refused, Ping, Closing)
PATIENCE = 30.0


def jpeg(
    seed: int = 0, width: int = 640, height: int = 480, quality: int = 80, *, progressive: bool = False
) -> bytes:
    """A real JPEG that differs by seed."""
    noise = np.random.default_rng(seed).integers(0, 255, (height // 16, width // 16, 3), np.uint8)
    picture = Image.fromarray(noise).resize((width, height))
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality, progressive=progressive)
    return file.getvalue()


class Browser:
    """One open stream."""

    def __init__(self, socket: ClientConnection, ready: Ready) -> None:
        self.socket = socket
        self.ready = ready
        self.stream_id = ready.stream_id

    @classmethod
    @asynccontextmanager
    async def stream(cls, url: str, ticket: str, origin: str | None = None) -> AsyncIterator[Self]:
        """Open the WebSocket with a ticket and wait until it is ready."""
        async with connect(url, origin=origin, max_size=None) as socket:  # type: ignore[arg-type]
            await socket.send(TicketMessage(ticket=ticket).model_dump_json())
            answer = SERVER_MESSAGE.validate_json(await asyncio.wait_for(socket.recv(), PATIENCE))
            assert isinstance(answer, Ready), answer
            yield cls(socket, answer)

    async def send_frame(
        self,
        seq: int,
        body: bytes | None = None,
        *,
        stream_id: UUID | None = None,
        captured_at: datetime | None = None,
        track: Track = Track.CAMERA,
    ) -> None:
        """Send a frame; by default one of this stream, captured now."""
        instant = captured_at or datetime.now(UTC)
        data = jpeg(seq) if body is None else body
        await self.socket.send(
            encode_frame(FrameMessage(stream_id or self.stream_id, seq, instant, data, track))
        )

    async def send_event(self, seq: int, kind: BrowserEventKind) -> None:
        """Send a browser event."""
        now = milliseconds_of(datetime.now(UTC))
        event = EventMessage(
            stream_id=self.stream_id, seq=seq, captured_at=now, event=BrowserEvent(kind=kind)
        )
        await self.socket.send(event.model_dump_json())

    async def idle(self, seconds: float) -> int:
        """Answer pings and send nothing else; how many there were."""
        pings = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self.hear(Ping)
                    await self.socket.send(Pong().model_dump_json())
                    pings += 1
        return pings

    async def hear(self, kind: type[M]) -> M:
        """The next message of this kind; others are passed over."""
        while True:
            text = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            message = SERVER_MESSAGE.validate_json(text)
            if isinstance(message, kind):
                return message

    async def acks(self, count: int) -> dict[int, Ack]:
        """So many acknowledgements, by seq."""
        found: list[Ack] = []
        while len(found) < count:
            found += (await self.hear(AckMessage)).acks
        return {ack.seq: ack for ack in found}

    async def farewell(self) -> tuple[Closing, int]:
        """What is said before the node closes, and the close code."""
        said = await self.hear(Closing)
        code = await closed(self.socket)
        return said, code


async def closed(socket: ClientConnection) -> int:
    """Read until the other side closes; its code."""
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    assert socket.close_code is not None
    return socket.close_code


async def ask_ticket(
    client: httpx.AsyncClient, attempt_id: UUID, token: str, page: str | None = None
) -> StreamTicketGrant:
    """A ticket over HTTP."""
    path = f"/api/monitoring/attempts/{attempt_id}/stream-ticket"
    body = {} if page is None else {"json": {"page": page}}
    answer = await client.post(path, headers={"Authorization": f"Bearer {token}"}, **body)  # type: ignore[arg-type]
    assert answer.status_code == 201, answer.text
    return StreamTicketGrant.model_validate_json(answer.text)
