"""HTTP as uvicorn reads it, with an end to patience: a head has a size and must arrive in time."""

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024  # address and headers of one request
HEAD_SECONDS = 60.0  # to the end of the headers; a crowd at a busy node, or a slow network, takes its time


class HeadTooLarge(Exception):
    """More headers than any browser sends; the parser answers 400."""


class PatientHttp(HttpToolsProtocol):
    """Closes connections whose head does not end: they would keep memory and a place for nothing (slowloris)."""

    head_seconds = HEAD_SECONDS
    _waiting: TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Somebody connected; a head must follow."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._rest()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._head = 0
        self._wait()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; bodies have their own time (api/body.py)."""
        self._rest()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on another protocol has the connection."""
        self._rest()
        super().handle_websocket_upgrade()

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > HEAD_BYTES:
            raise HeadTooLarge

    def _wait(self) -> None:
        self._rest()
        self._waiting = self.loop.call_later(self.head_seconds, self._give_up)

    def _rest(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        transport: Any = self.transport
        transport.abort()
