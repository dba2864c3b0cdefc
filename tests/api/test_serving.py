"""The API as a process on loopback: HTTP as it is on the wire, each part alone on a port, and a clean end."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from schema.settings import PART_PORTS, Part

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def process(tmp_path: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DEMO_ACCOUNTS": "false",
        "TEMPORAL_ADDRESS": "127.0.0.1:9",
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api", *arguments, cwd=ROOT, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await asyncio.wait_for(started.wait(), 30)


async def answer_of(client: httpx.AsyncClient, path: str) -> httpx.Response:
    for _ in range(600):
        try:
            return await client.get(path)
        except httpx.ConnectError:
            await asyncio.sleep(0.1)
    raise AssertionError("the process does not answer")


async def said(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_part_serves_alone_survives_nonsense_and_ends_when_told(tmp_path: Path) -> None:
    port = free_port()
    async with (
        process(tmp_path, "--part", "users", "--port", str(port)) as api,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client,
    ):
        alive = await answer_of(client, "/healthz")
        mine = await client.get("/api/users/me")
        others = await client.get("/api/reservations/slots")
        nonsense = await said(port, b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        bare = await said(port, b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
        smuggled = await said(
            port,
            b"POST /api/users/sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n{}\r\n0\r\n\r\n",
        )
        still = await client.get("/healthz")
        api.terminate()
        code = await asyncio.wait_for(api.wait(), 30)

    assert (alive.status_code, mine.status_code, others.status_code, still.status_code) == (
        200,
        401,
        404,
        200,
    )
    assert "server" not in alive.headers
    assert nonsense.startswith(b"HTTP/1.1 400")
    assert b" 422 " in bare.splitlines()[0] or b" 400 " in bare.splitlines()[0]
    assert b" 400 " in smuggled.splitlines()[0]
    assert code in {0, -15}


@pytest.mark.parametrize("part", list(Part))
def test_every_part_has_a_port_of_its_own(part: Part) -> None:
    assert PART_PORTS[part] in range(8000, 8007)
    assert len(set(PART_PORTS.values())) == len(Part)
