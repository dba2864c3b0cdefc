"""A network between Chromium and the product that can stop in silence, or be cut so that every connection ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, Playwright

from tests.e2e.browser import launch

_CHUNK = 2**16
_PAGE = b"<!doctype html><title>Free Wi-Fi</title><p>Enter your room number.</p>"
_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
    % (
        len(_PAGE),
        _PAGE,
    )
)


class Wire:
    """One connection of the browser's to the product. Once dead it stays so, as after a change of networks."""

    def __init__(self, *, is_dead: bool) -> None:
        self.is_dead = is_dead
        self.swallowed = 0

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction of it, until that side ends."""
        while chunk := await reader.read(_CHUNK):
            if self.is_dead:
                self.swallowed += len(chunk)
            else:
                writer.write(chunk)
                await writer.drain()
        if not self.is_dead:
            writer.close()


class Network:
    """All connections through one port."""

    def __init__(self, server: str) -> None:
        self.port = 0
        self._to = urlsplit(server).port
        self._is_dead = False
        self._is_cut = False
        self._is_portal = False
        self._wires: list[Wire] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def swallowed(self) -> int:
        """Bytes that never arrived."""
        return sum(wire.swallowed for wire in self._wires)

    def stop(self) -> None:
        """From now on every byte is swallowed; connections are accepted and nobody answers."""
        self._is_dead = True
        for wire in self._wires:
            wire.is_dead = True

    def cut(self) -> None:
        """Every connection ends at once, new ones too."""
        self._is_cut = True
        for task in self._tasks:
            task.cancel()

    def catch(self) -> None:
        """A captive portal: connections end, and to new ones a page that wants a room number answers everything."""
        self.cut()
        self._is_cut, self._is_portal = False, True

    def go_on(self) -> None:
        """New connections work."""
        self._is_dead = self._is_cut = self._is_portal = False

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The browser connects."""
        if self._is_cut:
            writer.close()
            return
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Let go of whatever is still open."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_portal:
            await _sell(reader, writer)
            return
        wire = Wire(is_dead=self._is_dead)
        self._wires.append(wire)
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            with suppress(ConnectionError):  # either side may hang up at any time
                await asyncio.gather(wire.pass_on(reader, back), wire.pass_on(there, writer))
        finally:
            back.close()
            writer.close()


async def _sell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        if await reader.read(_CHUNK):
            writer.write(_PORTAL)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def network(server: str) -> AsyncIterator[Network]:
    """Listening on a free port of its own."""
    made = Network(server)
    listener = await asyncio.start_server(made.accept, "127.0.0.1", 0)
    made.port = listener.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listener.close()
        await made.end()


@asynccontextmanager
async def behind(playwright: Playwright, film: Path, line: Network, server: str) -> AsyncIterator[Browser]:
    """A Chromium that reaches the product through this network, under the product's own address."""
    rule = f"MAP {urlsplit(server).netloc} 127.0.0.1:{line.port}"
    chromium = await launch(playwright, film, f"--host-resolver-rules={rule}")
    try:
        yield chromium
    finally:
        await chromium.close()
