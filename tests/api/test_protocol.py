"""Connections whose head is endless or never ends are closed, and honest ones beside them are served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.protocol import HEAD_BYTES, PatientHttp

OK = b"HTTP/1.1 204"


class Hasty(PatientHttp):
    """Waits a moment only."""

    head_seconds = 0.2


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers everything."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    config = uvicorn.Config(app, "127.0.0.1", 0, http=Hasty, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(30):
            while not server.started:
                await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def answer(port: int, sent: bytes) -> bytes:
    """What comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        async with asyncio.timeout(30):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
async def test_a_head_that_never_ends_is_given_up(sent: bytes) -> None:
    async with served() as port:
        assert await answer(port, sent) == b""
        assert (await answer(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).startswith(OK)


@pytest.mark.parametrize("part", [b"X-A: 1\r\n", b"X-B: " + b"x" * 1_000 + b"\r\n"])
async def test_an_endless_head_is_refused(part: bytes) -> None:
    async with served() as port:
        head = b"GET / HTTP/1.1\r\nHost: x\r\n" + part * (2 * HEAD_BYTES // len(part))
        assert not (await answer(port, head + b"\r\n")).startswith(OK)
