"""The cookies of a browser's session: out of reach of scripts and of other sites."""

from fastapi import Response
from starlette.requests import HTTPConnection

from api.context import Context
from api.security import ACCESS_COOKIE, REFRESH_COOKIE, check_origin
from api.users.shape import Session

REFRESH_PATH = "/api/users/sessions"


def set_cookies(response: Response, context: Context, session: Session) -> None:
    """Give the browser both tokens; the refresh token goes to the session routes only."""
    settings = context.settings
    is_https = settings.public_url.startswith("https:")
    kept = int(settings.refresh_token_life.total_seconds())
    for name, value, age, path in (
        (ACCESS_COOKIE, session.access_token, session.expires_in, "/"),
        (REFRESH_COOKIE, session.refresh_token, kept, REFRESH_PATH),
    ):
        response.set_cookie(name, value, age, path=path, secure=is_https, httponly=True, samesite="strict")


def clear_cookies(response: Response) -> None:
    """Take both tokens from the browser."""
    response.delete_cookie(ACCESS_COOKIE, "/", httponly=True, samesite="strict")
    response.delete_cookie(REFRESH_COOKIE, REFRESH_PATH, httponly=True, samesite="strict")


def refresh_token_of(connection: HTTPConnection, context: Context, shown: str | None) -> str | None:
    """The token in the body, else the browser's cookie. Raises FORBIDDEN for a cookie from a foreign page."""
    if shown is not None:
        return shown
    cookie = connection.cookies.get(REFRESH_COOKIE)
    if cookie is not None:
        check_origin(connection, context.settings)
    return cookie
