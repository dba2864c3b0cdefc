"""Guards what requests may be: heads and bodies of a size, in time, and JSON that an honest client sends.

All of it is looked at before anything parses a body, and in time that grows with its bytes alone.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caller import Caller
from api.errors import problem
from schema.failures import Failure, FailureType

DEEPEST = 40
MOST_VALUES = 50_000  # an exam of a thousand questions has some 35,000
MOST_KEYS = 1_000  # of one object
LONGEST_KEY = 200
STRANGERS_BYTES = 8 * 1024  # of a body where nobody has signed in
STRANGERS_VALUES = 100
MOST_HEADERS = 100
HEAD_BYTES = 32 * 1024
MOST_PARAMETERS = 100
FIRST_BYTES_SECONDS = 20.0  # a body has this long, and a second more for each SLOWEST_BYTES that came
SLOWEST_BYTES = 4 * 1024
LARGEST_INTEGER = 2**53 - 1  # what JSON numbers keep exactly everywhere (RFC 8259, section 6)
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

CallerOf = Callable[[Scope], Caller]


class BodyGuard:
    """Answers 413 for bodies beyond `limit` bytes, 408 for slow ones, and 422 for JSON that no honest client sends.

    Bodies of requests that nobody is known to send are small.
    """

    def __init__(
        self, app: ASGIApp, limit: int, caller_of: CallerOf, patience: float = FIRST_BYTES_SECONDS
    ) -> None:
        self._app = app
        self._limit = limit
        self._caller_of = caller_of
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            guarded = await self._guard(scope, receive)
        except Failure as failure:
            await problem(failure)(scope, receive, send)
            return
        await self._app(scope, guarded, send)

    async def _guard(self, scope: Scope, receive: Receive) -> Receive:
        check_head(scope)
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            raise Failure(FailureType.INVALID, "Content-Length is not a number", field="/Content-Length")
        if length == "0" and "transfer-encoding" not in headers:
            return receive
        caller = self._caller_of(scope)
        is_known = caller is Caller.KNOWN
        limit = self._limit if is_known else min(STRANGERS_BYTES, self._limit)
        if len(length) > 15 or int(length) > limit:
            raise _too_large(limit, caller)
        body, rest = await self._read(receive, limit, caller)
        if "json" in headers.get("content-type", "").partition(";")[0].lower():
            check_json(body, MOST_VALUES if is_known else STRANGERS_VALUES)
        return _replay(body, rest, receive)

    async def _read(self, receive: Receive, limit: int, caller: Caller) -> tuple[bytes, Message | None]:
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._patience) as patience:
                ends = patience.when() or 0.0
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return b"".join(chunks), message
                    chunks.append(message.get("body", b""))
                    size += len(chunks[-1])
                    if size > limit:
                        raise _too_large(limit, caller)
                    if not message.get("more_body", False):
                        return b"".join(chunks), None
                    patience.reschedule(ends + size / SLOWEST_BYTES)
        except TimeoutError:
            raise Failure(FailureType.TOO_SLOW, "the body did not arrive in time; send it again") from None


def check_head(scope: Scope) -> None:
    """Raises TOO_LARGE for more headers or parameters than any honest client sends."""
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > HEAD_BYTES:
        said = f"send at most {MOST_HEADERS} headers with {HEAD_BYTES} bytes, cookies included"
        raise Failure(FailureType.TOO_LARGE, said)
    query = scope.get("query_string", b"")
    if len(query) > HEAD_BYTES or query.count(b"&") >= MOST_PARAMETERS:
        said = f"send at most {MOST_PARAMETERS} parameters with {HEAD_BYTES} bytes"
        raise Failure(FailureType.TOO_LARGE, said)


def check_json(body: bytes, most_values: int = MOST_VALUES) -> Any:
    """The parsed JSON. Raises INVALID for what no honest client sends.

    That is other encodings, deep nesting, NaN, infinities, huge integers, repeated keys, and too many of anything.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid("the body is not UTF-8; send JSON in UTF-8") from None
    _check_structure(body, most_values)
    try:
        parsed = json.loads(
            text,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
            object_pairs_hook=_object,
        )
        _check_text(parsed)
    except json.JSONDecodeError as error:
        raise _invalid(
            f"the body is not JSON: line {error.lineno}, column {error.colno}; correct it"
        ) from None
    return parsed


def _check_structure(body: bytes, most_values: int) -> None:
    """Nesting and the number of values, seen without parsing: each value but the first follows one of these."""
    structure = _STRINGS.sub(b"", body)
    if structure.count(b",") + structure.count(b"[") + structure.count(b"{") > most_values:
        raise _invalid(f"the body has more than {most_values} values; send fewer at once")
    depth = 0
    for bracket in structure.translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST:
            raise _invalid(f"the body is nested more than {DEEPEST} levels deep; flatten it")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _invalid("an object names a key twice, so it says two things; name each once")
    if len(pairs) > MOST_KEYS:
        raise _invalid(f"an object has more than {MOST_KEYS} keys; send fewer")
    if any(len(key) > LONGEST_KEY for key in found):
        raise _invalid(f"a key is longer than {LONGEST_KEY} characters; no key here is")
    return found


def _constant(word: str) -> NoReturn:
    raise _invalid(f"{word} is not JSON; leave the value out or send null")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER:
        raise _invalid("an integer is beyond 2^53; send a smaller one")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits) if len(digits) <= LONGEST_KEY else float("inf")
    if value in {float("inf"), float("-inf")}:
        raise _invalid("a number is too large; send a smaller one")
    return value


def _check_text(value: Any) -> None:
    # Lone surrogates parse as JSON but have no UTF-8, and NUL ends a text in some engines.
    if isinstance(value, str):
        if _NO_TEXT.search(value):
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


def _too_large(limit: int, caller: Caller) -> Failure:
    if caller is Caller.UNKNOWN:  # a browser whose session ran off signs in again and sends it again
        return Failure(FailureType.UNAUTHENTICATED, "sign in first")
    return Failure(FailureType.TOO_LARGE, f"the body is larger than {limit} bytes; send less at once")


def _replay(body: bytes, rest: Message | None, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    if rest is not None:
        waiting = [rest]

    async def replay() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return replay
