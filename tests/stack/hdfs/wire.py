"""A wire to HDFS that counts what goes into the data nodes, and can be cut: it stands where the name node stands."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from workers.stack.port import HOST, Ports

PIECE = 16 * 1024


@dataclass
class Wire:
    """`cuts` are the numbers of bytes after which a connection to a data node breaks, one connection each."""

    cuts: list[int] = field(default_factory=list)
    url: str = ""
    sent: list[int] = field(default_factory=list)  # bytes per connection to a data node that carried a body
    _servers: list[asyncio.Server] = field(default_factory=list)
    _ends: list[asyncio.StreamWriter] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def open(self, ports: Ports) -> None:
        """The name node's answers lead to the wire's own ends instead of the data nodes'."""
        renamed = []
        for node in (1, 2):
            real = ports.data_node(node) + 10
            own = await self._serve(real, [], counts=True)
            renamed.append((f"{HOST}:{real}".encode(), f"{HOST}:{own}".encode()))
        self.url = f"http://{HOST}:{await self._serve(ports.web_hdfs, renamed, counts=False)}"

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for end in self._ends:
            _break(end)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, port: int, renamed: list[tuple[bytes, bytes]], *, counts: bool) -> int:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection(HOST, port)
            self._ends += [writer, back]
            self._tasks += [
                asyncio.create_task(self._answer(there, writer, renamed)),
                asyncio.create_task(self._ask(reader, back, writer, counts=counts)),
            ]

        server = await asyncio.start_server(connected, HOST, 0)
        self._servers.append(server)
        address: tuple[str, int] = server.sockets[0].getsockname()
        return address[1]

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        to: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
        *,
        counts: bool,
    ) -> None:
        size = 0
        while piece := await _next(reader):
            if counts and size == 0 and piece.startswith((b"PUT", b"POST")):
                self.sent.append(0)
            to.write(piece)
            with contextlib.suppress(ConnectionError):
                await to.drain()
            size += len(piece)
            if counts and self.sent:
                self.sent[-1] += len(piece)
            if counts and self.cuts and size >= self.cuts[0]:
                self.cuts.pop(0)
                _break(back)
                break
        to.close()

    async def _answer(
        self, reader: asyncio.StreamReader, to: asyncio.StreamWriter, renamed: list[tuple[bytes, bytes]]
    ) -> None:
        while piece := await _next(reader):
            for real, own in renamed:
                piece = piece.replace(real, own)
            to.write(piece)
            with contextlib.suppress(ConnectionError):
                await to.drain()
        to.close()


@contextlib.asynccontextmanager
async def wire_to(ports: Ports, *cuts: int) -> AsyncIterator[Wire]:
    """Cut after as many bytes as said, then never again."""
    wire = Wire(list(cuts))
    await wire.open(ports)
    try:
        yield wire
    finally:
        await wire.close()


async def _next(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(PIECE)
    except ConnectionError:
        return b""


def _break(end: asyncio.StreamWriter) -> None:
    """At once. Python 3.11 cannot abort a transport that was closed with bytes to write and has written them since."""
    if not end.transport.is_closing():
        end.transport.abort()
