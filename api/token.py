"""Access tokens: short-lived JWTs that say who a person is, and opaque secrets for everything that lives longer."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.role import Role

ALGORITHM = "HS256"
ISSUER = "proctorwise"
AUDIENCE = "proctorwise-api"


@dataclass(frozen=True, slots=True)
class AccessClaim:
    """What an access token says: which session of which person it was issued for, and until when it is good."""

    person_id: UUID
    session_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CurrentPerson:
    """Who calls, as they stand now; `token_expires_at` bounds how long a WebSocket may go on."""

    person_id: UUID
    organisation_id: UUID
    session_id: UUID
    roles: frozenset[Role]
    token_expires_at: datetime

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of the roles."""
        return not self.roles.isdisjoint(roles)


class AccessTokens:
    """Signs and reads access tokens (RFC 7519)."""

    def __init__(self, secret: str, life: timedelta) -> None:
        # HS256 wants a key of 32 bytes at least; deriving one keeps a short development secret usable.
        self._key = hashlib.sha256(b"proctorwise access token\x00" + secret.encode()).digest()
        self.life = life

    def issue(
        self,
        person_id: UUID,
        organisation_id: UUID,
        roles: frozenset[Role],
        session_id: UUID,
        now: datetime,
    ) -> str:
        """A signed token that is valid for `life` from now, and never longer than its session.

        Organisation and roles are there for nodes of an older version; this one reads both for each request.
        """
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "sid": str(session_id),
            "org": str(organisation_id),
            "roles": sorted(roles),
            "iat": now,
            "exp": now + self.life,
            "jti": str(new_id()),
        }
        return jwt.encode(claims, self._key, ALGORITHM)

    def sign(self, claims: dict[str, Any]) -> str:
        """A token of another kind; `aud` keeps the kinds apart."""
        return jwt.encode({"iss": ISSUER, **claims}, self._key, ALGORITHM)

    def claims_of(self, token: str, audience: str) -> dict[str, Any]:
        """What we signed for this audience, expired or not; nothing for any other token."""
        options: Any = {"verify_exp": False, "verify_iat": False}
        try:
            return jwt.decode(
                token, self._key, [ALGORITHM], audience=audience, issuer=ISSUER, options=options
            )
        except jwt.InvalidTokenError:
            return {}

    def has_signed(self, token: str) -> bool:
        """Whether it is an access token of ours, expired or not."""
        return bool(self.claims_of(token, AUDIENCE))

    def read(self, token: str, now: datetime) -> AccessClaim:
        """What the token claims. Raises UNAUTHENTICATED when it is broken, foreign, expired or of no session."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                [ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                # The expiry is checked below against our own clock, so tests can move it.
                options={"require": ["exp", "iat", "sub"], "verify_exp": False, "verify_iat": False},
            )
            expires_at = datetime.fromtimestamp(claims["exp"], now.tzinfo)
            claim = AccessClaim(UUID(claims["sub"]), UUID(claims["sid"]), expires_at)
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise Failure(
                FailureType.UNAUTHENTICATED, "the access token is not valid; sign in again"
            ) from error
        if expires_at <= now:
            raise Failure(
                FailureType.UNAUTHENTICATED, "the access token has expired; refresh it or sign in again"
            )
        return claim


def new_secret() -> str:
    """256 random bits that fit into a link."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored instead of a secret: 64 hexadecimal digits. Enough, as the secret is random."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
