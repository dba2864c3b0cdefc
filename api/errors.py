"""Turns everything that goes wrong into a problem document (RFC 9457), in one table."""

from http import HTTPStatus
from itertools import islice
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException

from api.field import FieldProblem, cut, field_problems, in_a_sentence, is_body_missing
from api.said.language import ENGLISH, language_of, said
from schema.db.session import is_passing
from schema.failures import STATUS, Failure, FailureType
from schema.machine import IllegalMove

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
MOST_ENTRIES = 20  # of any list in a problem document; `left_out` says how many more there were
LONGEST_TEXT = 1_000
LONGEST_ENTRY_TEXT = 300  # of a text within an entry: what somebody sent may be echoed in it
DEEPEST = 6

NOWHERE = "this address names nothing that we know; go back and choose it again"
TITLES: dict[FailureType, str] = {
    FailureType.INVALID: "The input is not valid",
    FailureType.UNAUTHENTICATED: "You are not signed in",
    FailureType.FORBIDDEN: "You may not do this",
    FailureType.NOT_FOUND: "There is no such thing",
    FailureType.CONFLICT: "This contradicts what is stored",
    FailureType.ILLEGAL_MOVE: "This is not possible now",
    FailureType.SLOT_FULL: "The slot is full",
    FailureType.ALREADY_RESERVED: "There already is an active attempt",
    FailureType.SITTINGS_USED_UP: "No sitting of this exam is left",
    FailureType.TOO_MANY_HOLDS: "Too many seats were given up",
    FailureType.DEADLINE_PASSED: "The deadline has passed",
    FailureType.TOO_LARGE: "The input is too large",
    FailureType.UNSUPPORTED: "This kind of content is not taken here",
    FailureType.TOO_SLOW: "The input took too long to arrive",
    FailureType.TOO_MANY: "Too many requests",
    FailureType.UNAVAILABLE: "A part of the product does not answer",
}


class Problem(BaseModel):
    """A problem document; further members depend on `type`."""

    type: str = Field(examples=["/problems/not_found"])
    title: str = Field(examples=["There is no such thing"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no such attempt; go back and choose it again"])
    pointer: str | None = Field(None, description="JSON pointer to the input that is wrong, where it is one")
    errors: list[FieldProblem] | None = Field(
        None, description="The wrong fields, when the input is not valid; at most 20"
    )
    left_out: dict[str, int] | None = Field(
        None, description="How many entries of a member were left out", examples=[{"errors": 37}]
    )
    retry_after: int | None = Field(None, description="Seconds to wait before trying again")
    reference: str | None = Field(None, description="What to tell an operator about an unexpected error")


def problem(failure: Failure, language: str = ENGLISH) -> JSONResponse:
    """The answer for a failure, in the reader's language as far as its sentences are known there."""
    return document(
        failure.type.value,
        said(TITLES[failure.type], language),
        failure.status,
        said(failure.message, language),
        headers=_headers(failure),
        pointer=failure.field or None,
        **failure.extra,
    )


def document(
    kind: str, title: str, status: int, detail: str, *, headers: dict[str, str] | None = None, **extra: object
) -> JSONResponse:
    """A problem document as a response; members that are None are left out.

    Whatever was sent, the document stays small and holds no control characters: it is shown and logged by others.
    """
    members = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail}
    content = {**members, **{name: value for name, value in extra.items() if value is not None}}
    left_out = {
        name: len(value) - MOST_ENTRIES
        for name, value in content.items()
        if isinstance(value, list | tuple) and len(value) > MOST_ENTRIES
    }
    if left_out:
        content["left_out"] = left_out
    plain = {str(name): _plain(value, LONGEST_TEXT, DEEPEST) for name, value in content.items()}
    return JSONResponse(plain, status, headers, MEDIA_TYPE)


def install_errors(app: FastAPI) -> None:
    """Let the application answer with problem documents only."""
    app.add_exception_handler(Failure, _of_failure)
    app.add_exception_handler(IllegalMove, _of_illegal_move)
    app.add_exception_handler(RequestValidationError, _of_invalid_request)
    app.add_exception_handler(HTTPException, of_http_exception)
    app.add_exception_handler(DBAPIError, _of_database)


async def _of_failure(request: Request, error: Exception) -> JSONResponse:
    return problem(cast(Failure, error), _language(request))


async def _of_illegal_move(request: Request, error: Exception) -> JSONResponse:
    refused = cast(IllegalMove, error)
    failure = Failure(FailureType.ILLEGAL_MOVE, str(refused), **refused.facts)
    return problem(failure, _language(request))


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


async def _of_invalid_request(request: Request, error: Exception) -> JSONResponse:
    raised = cast(RequestValidationError, error)
    errors = raised.errors()
    content_type = request.headers.get("content-type", "")
    if (
        is_body_missing(errors)
        and request.headers.get("content-length", "0") != "0"
        and "json" not in content_type
    ):
        return problem(
            Failure(FailureType.UNSUPPORTED, "send the body as JSON with Content-Type: application/json")
        )
    language = _language(request)
    found = [field.model_dump(by_alias=True) for field in field_problems(errors[:MOST_ENTRIES], raised.body)]
    for field in found:
        field |= {name: said(field[name], language) for name in ("problem", "advice")}
    more = {"errors": len(errors) - len(found)} if len(errors) > len(found) else None
    if all(field["in"] == "path" for field in found):
        return problem(Failure(FailureType.NOT_FOUND, NOWHERE, errors=found, left_out=more), language)
    return problem(Failure(FailureType.INVALID, in_a_sentence(found), errors=found, left_out=more), language)


async def of_http_exception(request: Request, error: Exception) -> JSONResponse:
    """What the framework refuses by itself, as a problem document in words of ours."""
    raised = cast(HTTPException, error)
    kinds = {status: kind for kind, status in STATUS.items() if kind is not FailureType.CONFLICT}
    kind = kinds.get(raised.status_code)
    phrase = HTTPStatus(raised.status_code).phrase
    if raised.status_code == HTTPStatus.NOT_FOUND:
        detail = "there is nothing at this address; /api/openapi.json lists what there is"
    elif raised.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not possible here; the Allow header says what is"
    else:
        detail = "this request cannot be read; send it as /api/openapi.json describes it"
    name = kind.value if kind else phrase.lower().replace(" ", "_")
    title = TITLES[kind] if kind else "This is not possible here"
    return document(name, title, raised.status_code, detail, headers=cast(Any, raised.headers))


async def _of_database(request: Request, error: Exception) -> JSONResponse:
    raised = cast(DBAPIError, error)
    if isinstance(raised, OperationalError) or raised.connection_invalidated or is_passing(raised):
        failure = Failure(FailureType.UNAVAILABLE, "the database does not answer; try again")
        return problem(failure, _language(request))
    raise raised


def _headers(failure: Failure) -> dict[str, str]:
    if failure.type is FailureType.UNAUTHENTICATED:
        return {"WWW-Authenticate": "Bearer"}
    if failure.is_retryable:
        return {"Retry-After": str(failure.extra.get("retry_after", RETRY_AFTER_SECONDS))}
    return {}


def _plain(value: Any, longest: int, deepest: int) -> Any:
    # Extra members may be ids or instants; whatever is no JSON is shown as text.
    if isinstance(value, dict) and deepest:
        few = islice(value.items(), MOST_ENTRIES)
        return {cut(str(key), 100): _plain(inner, LONGEST_ENTRY_TEXT, deepest - 1) for key, inner in few}
    if isinstance(value, list | tuple) and deepest:
        return [_plain(inner, LONGEST_ENTRY_TEXT, deepest - 1) for inner in value[:MOST_ENTRIES]]
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    return cut(str(value), longest)
