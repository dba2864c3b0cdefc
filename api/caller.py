"""Whether anybody is known to stand behind a request, seen before its body is read: strangers' bodies are small."""

import hmac
from collections.abc import Callable
from enum import Enum
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Scope

from api.security import ACCESS_COOKIE, Anyone, bearer_of, declared_accesses
from api.token import AccessTokens
from schema.settings import Settings


class Caller(Enum):
    """Who sends a body, as far as the head tells."""

    KNOWN = "known"  # with a token that we signed, or one of our own processes
    UNKNOWN = "unknown"
    AT_OPEN_ROUTE = "at an open route"  # where nobody needs to be known


def caller_of(app: FastAPI, settings: Settings) -> Callable[[Scope], Caller]:
    """Looks at a request's head; routes are read from the application once it is complete."""
    tokens = AccessTokens(settings.jwt_secret.get_secret_value(), settings.access_token_life)
    internal = settings.internal_token.get_secret_value().encode()
    matches = [_matcher(route) for route, found in declared_accesses(app) if isinstance(found[0], Anyone)]

    def look(scope: Scope) -> Caller:
        if any(is_match(scope["path"]) for is_match in matches):
            return Caller.AT_OPEN_ROUTE
        request = Request(scope)
        token = bearer_of(request)
        if token is None:
            token = request.cookies.get(ACCESS_COOKIE, "")
        is_known = tokens.has_signed(token) or hmac.compare_digest(token.encode(), internal)
        return Caller.KNOWN if is_known else Caller.UNKNOWN

    return look


def _matcher(route: Any) -> Callable[[str], bool]:
    regex = route.path_regex
    return lambda path: regex.match(path) is not None
