"""What every request passes first: known hosts only, an answer to every accident, and headers that browsers obey.

Each answer tells the server's time, so that a screen whose device's clock is wrong is right from its first request on.
"""

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import document, problem
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.settings import Settings

log = logging.getLogger("api")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000"


class Edge:
    """The outermost middleware. A route's own headers win over the defaults."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in settings.trusted_hosts)
        self._is_https = settings.public_url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._headers())
        try:
            if _host_of(scope) not in self._hosts:
                refused = Failure(FailureType.INVALID, "this host name is not served here; see TRUSTED_HOSTS")
                await problem(refused)(scope, receive, answer.send)
                return
            await self._app(scope, receive, answer.send)
        except Exception as error:
            await _apologise(error, answer, scope, receive)

    def _headers(self) -> dict[str, str]:
        return {**HEADERS, "Strict-Transport-Security": STRICT_TRANSPORT} if self._is_https else HEADERS


class _Answer:
    """Adds headers to an answer and remembers whether it has begun."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.has_begun = False

    async def send(self, message: Message) -> None:
        """Pass the message on."""
        self.has_begun = True
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            headers = MutableHeaders(scope=message)
            headers["X-Server-Time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


async def _apologise(error: Exception, answer: _Answer, scope: Scope, receive: Receive) -> None:
    reference = str(new_id())
    log.error(
        "unexpected %s at %s, reference %s\n%s",
        type(error).__name__,
        _route(scope),
        reference,
        _frames(error),
    )
    if scope["type"] == "websocket":
        await answer.send({"type": "websocket.close", "code": 1011, "reason": f"reference {reference}"})
        return
    if answer.has_begun:
        raise error
    detail = (
        "something unexpected happened; try again, and if it happens again, tell an operator the reference"
    )
    response = document("unexpected", "Something unexpected happened", 500, detail, reference=reference)
    await response(scope, receive, answer.send)


def _route(scope: Scope) -> str:
    return f"{scope.get('method', 'WEBSOCKET')} {getattr(scope.get('route'), 'path', 'no route')}"


def _frames(error: Exception) -> str:
    # Messages and values of an exception may hold personal data, places in our code never do.
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def _host_of(scope: Scope) -> str:
    host = Headers(scope=scope).get("host", "").lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
