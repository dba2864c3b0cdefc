"""Guards what bodies may be: their size, and that JSON is shallow, finite and UTF-8, before anything parses it."""

import json
import re
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from schema.failures import Failure, FailureType

DEEPEST = 40
LARGEST_INTEGER = 2**53 - 1  # what JSON numbers keep exactly everywhere (RFC 8259, section 6)
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


class BodyGuard:
    """Answers 413 for bodies beyond `limit` bytes, and 422 for JSON that no honest client sends."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            guarded = await self._guard(Headers(scope=scope), receive)
        except Failure as failure:
            await problem(failure)(scope, receive, send)
            return
        await self._app(scope, guarded, send)

    async def _guard(self, headers: Headers, receive: Receive) -> Receive:
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            raise Failure(FailureType.INVALID, "Content-Length is not a number", field="/Content-Length")
        if len(length) > 15 or int(length) > self._limit:
            raise self._too_large()
        if length == "0" and "transfer-encoding" not in headers:
            return receive
        body, rest = await self._read(receive)
        if "json" in headers.get("content-type", "").partition(";")[0].lower():
            check_json(body)
        return _replay(body, rest, receive)

    async def _read(self, receive: Receive) -> tuple[bytes, Message | None]:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b"".join(chunks), message
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._limit:
                raise self._too_large()
            if not message.get("more_body", False):
                return b"".join(chunks), None

    def _too_large(self) -> Failure:
        return Failure(
            FailureType.TOO_LARGE, f"the body is larger than {self._limit} bytes; send less at once"
        )


def check_json(body: bytes) -> Any:
    """The parsed JSON. Raises INVALID for other encodings, deep nesting, NaN, infinities and huge integers."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid("the body is not UTF-8; send JSON in UTF-8") from None
    if _depth(body) > DEEPEST:
        raise _invalid(f"the body is nested more than {DEEPEST} levels deep; flatten it")
    try:
        parsed = json.loads(text, parse_constant=_constant, parse_int=_integer, parse_float=_float)
        _check_text(parsed)
    except json.JSONDecodeError as error:
        raise _invalid(
            f"the body is not JSON: line {error.lineno}, column {error.colno}; correct it"
        ) from None
    return parsed


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(body):
        first = match[0][:1]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
    return deepest


def _constant(word: str) -> NoReturn:
    raise _invalid(f"{word} is not JSON; leave the value out or send null")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER:
        raise _invalid("an integer is beyond 2^53; send a smaller one")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise _invalid("a number is too large; send a smaller one")
    return value


def _check_text(value: Any) -> None:
    # Lone surrogates parse as JSON but have no UTF-8, and NUL ends a text in some engines.
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise _invalid("a text holds a NUL or half a surrogate pair; remove it")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            _check_text(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)


def _invalid(message: str) -> Failure:
    return Failure(FailureType.INVALID, message)


def _replay(body: bytes, rest: Message | None, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    if rest is not None:
        waiting = [rest]

    async def replay() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return replay
