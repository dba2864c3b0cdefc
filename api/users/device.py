"""The cookie of a browser that signed in before: it opens nothing, and spares it the wait for guessers."""

import secrets
from datetime import datetime, timedelta

from fastapi import Response
from starlette.requests import HTTPConnection

from api.context import Context
from api.security import address_of
from api.throttle import Client
from api.token import AccessTokens, hash_of

DEVICE_COOKIE = "pw_device"
DEVICE_PATH = "/api/users/sessions"
LIFE = timedelta(days=180)
MOST_ACCOUNTS = 8  # of one browser, the latest first
AUDIENCE = "proctorwise-device"


def client_of(connection: HTTPConnection, context: Context, email: str) -> Client:
    """Who tries to sign in."""
    account = hash_of(email)
    device, accounts = _read(connection, context.tokens, context.now())
    if _short(account) in accounts:
        return Client(f"device {device}", account, is_known=True)
    return Client(address_of(connection), account)


def remember_device(connection: HTTPConnection, response: Response, context: Context, email: str) -> None:
    """Let this browser be known as one that was in this account."""
    device, accounts = _read(connection, context.tokens, context.now())
    own = _short(hash_of(email))
    claims = {
        "aud": AUDIENCE,
        "dev": device or secrets.token_urlsafe(12),
        "accounts": [own, *(one for one in accounts if one != own)][:MOST_ACCOUNTS],
        "exp": context.now() + LIFE,
    }
    response.set_cookie(
        DEVICE_COOKIE,
        context.tokens.sign(claims),
        int(LIFE.total_seconds()),
        path=DEVICE_PATH,
        secure=context.settings.public_url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )


def _read(connection: HTTPConnection, tokens: AccessTokens, now: datetime) -> tuple[str, list[str]]:
    """(device, accounts); nothing for a cookie that is broken, forged or old."""
    shown = connection.cookies.get(DEVICE_COOKIE)
    claims = tokens.claims_of(shown, AUDIENCE) if shown else {}
    if claims.get("exp", 0) <= now.timestamp():
        return "", []
    return str(claims.get("dev", "")), [str(one) for one in claims.get("accounts", [])]


def _short(account: str) -> str:
    return account[:16]
