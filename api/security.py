"""Who may call a route: every route declares it, and an application with an undeclared route does not start."""

import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.requests import HTTPConnection

from api.access.own import refuse_own
from api.access.standing import current_person
from api.context import Context, context_of
from api.limit import Rate
from api.token import AccessClaim, CurrentPerson
from schema.failures import Failure, FailureType
from schema.role import Role
from schema.settings import Settings

ACCESS_COOKIE = "pw_access"
REFRESH_COOKIE = "pw_refresh"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(Protocol):
    """A route's declaration of who may call it; also the dependency that enforces it."""

    async def __call__(self, connection: HTTPConnection) -> CurrentPerson | None:
        """The person, or None where nobody in particular calls. Raises UNAUTHENTICATED or FORBIDDEN."""


@dataclass(frozen=True, slots=True)
class PeopleOnly:
    """People who are signed in and have one of the roles; without roles, everyone who is signed in.

    Where students are not among the roles, nobody gets at their own attempt: nobody watches or judges themselves.
    `in_temporal_ui` lets the Temporal UI's pages ask with the person's cookies too.
    """

    roles: frozenset[Role]
    in_temporal_ui: bool = False

    async def __call__(self, connection: HTTPConnection) -> CurrentPerson:
        context = context_of(connection)
        further = temporal_ui_hosts(context.settings) if self.in_temporal_ui else frozenset()
        claim = claim_of(connection, context, further)
        await context.limits.hit(Rate.GENERAL_PERSON, str(claim.person_id))
        person = await current_person(context.databases.users, claim)
        if self.roles and not person.has(*self.roles):
            who = ", ".join(sorted(self.roles))
            raise Failure(FailureType.FORBIDDEN, f"this is for {who}; your account does not have that role")
        if self.roles and Role.STUDENT not in self.roles:
            await _refuse_own(connection, context, person)
        return person


@dataclass(frozen=True, slots=True)
class Anyone:
    """Everyone, signed in or not; `why` says what makes that safe."""

    why: str
    rate: Rate = Rate.GENERAL_ADDRESS

    async def __call__(self, connection: HTTPConnection) -> None:
        await context_of(connection).limits.hit(self.rate, address_of(connection))


@dataclass(frozen=True, slots=True)
class InternalOnly:
    """Our own processes: they show the internal token, or, where `loopback` says so, call from this machine."""

    loopback: bool = False

    async def __call__(self, connection: HTTPConnection) -> None:
        shown = bearer_of(connection) or ""
        expected = context_of(connection).settings.internal_token.get_secret_value()
        if hmac.compare_digest(shown.encode(), expected.encode()):
            return
        if self.loopback and is_loopback(connection):
            return
        raise Failure(
            FailureType.UNAUTHENTICATED, "this is for the product's own processes; show the internal token"
        )


def require(role: Role, *more: Role) -> Any:
    """A dependency for people with one of these roles; gives the CurrentPerson."""
    return Depends(PeopleOnly(frozenset({role, *more})))


def require_in_temporal_ui(role: Role) -> Any:
    """The same for what the Temporal UI asks the person's browser to do."""
    return Depends(PeopleOnly(frozenset({role}), in_temporal_ui=True))


def signed_in() -> Any:
    """A dependency for everyone who is signed in; gives the CurrentPerson."""
    return Depends(PeopleOnly(frozenset()))


def anyone(why: str, rate: Rate = Rate.GENERAL_ADDRESS) -> Any:
    """A dependency for a public route; `why` says what makes that safe, `rate` how often one address may ask."""
    return Depends(Anyone(why, rate))


def internal(*, loopback: bool = False) -> Any:
    """A dependency for the product's own processes."""
    return Depends(InternalOnly(loopback))


SignedIn = Annotated[CurrentPerson, signed_in()]


async def identify(connection: HTTPConnection, context: Context) -> CurrentPerson:
    """Who calls, as they stand now. Raises UNAUTHENTICATED; FORBIDDEN for a cookie from a foreign page."""
    return await current_person(context.databases.users, claim_of(connection, context))


def claim_of(
    connection: HTTPConnection, context: Context, further_hosts: frozenset[str] = frozenset()
) -> AccessClaim:
    """What Bearer token or cookie claim. Raises UNAUTHENTICATED; FORBIDDEN for a cookie from a foreign page."""
    token = bearer_of(connection)
    if token is None:
        token = connection.cookies.get(ACCESS_COOKIE)
        if token is None:
            raise Failure(FailureType.UNAUTHENTICATED, "sign in first")
        check_origin(connection, context.settings, further_hosts)
    return context.tokens.read(token, context.now())


def bearer_of(connection: HTTPConnection) -> str | None:
    """The Bearer token of the Authorization header (RFC 6750), None without one."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def check_origin(
    connection: HTTPConnection, settings: Settings, further_hosts: frozenset[str] = frozenset()
) -> None:
    """Refuse what a foreign page asks for with somebody's cookies: unsafe methods and WebSockets (FORBIDDEN).

    SameSite=Strict keeps cookies from other sites' requests; the Origin header also keeps out sibling hosts
    and other ports (OWASP, Cross-Site Request Forgery Prevention).
    """
    if connection.scope["type"] == "http" and connection.scope["method"] in SAFE_METHODS:
        return
    origin = urlsplit(connection.headers.get("origin", ""))
    own = {connection.headers.get("host", ""), urlsplit(settings.public_url).netloc, *further_hosts}
    if origin.scheme not in {"http", "https"} or origin.netloc not in own:
        raise Failure(
            FailureType.FORBIDDEN, "this request did not come from a page of this site; reload the page"
        )


def temporal_ui_hosts(settings: Settings) -> frozenset[str]:
    """Host and port of the Temporal UI; on this machine also by name, as cookies need the API's own site."""
    ui = urlsplit(settings.temporal_ui_url)
    hosts = {ui.netloc}
    if ui.hostname in {"127.0.0.1", "localhost"}:
        hosts |= {f"localhost:{ui.port}", f"127.0.0.1:{ui.port}"}
    return frozenset(hosts)


def address_of(connection: HTTPConnection) -> str:
    """The caller's address; of IPv6 the /64 that one line has."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def is_loopback(connection: HTTPConnection) -> bool:
    """Whether the call comes from this machine, and not through a proxy on it."""
    if connection.client is None or "x-forwarded-for" in connection.headers:
        return False
    try:
        return ipaddress.ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


def declared_accesses(app: FastAPI) -> Iterator[tuple[RouteContext, list[Access]]]:
    """Every route with its declarations; there must be exactly one."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        yield route, [] if dependant is None else list(_accesses(dependant))


def check_declarations(app: FastAPI) -> None:
    """Deny first: raise RuntimeError when a route does not say, or says twice, who may call it."""
    wrong = [route.path for route, found in declared_accesses(app) if len(found) != 1]
    if wrong:
        raise RuntimeError(f"these routes must say exactly once who may call them (api/security.py): {wrong}")


async def _refuse_own(connection: HTTPConnection, context: Context, person: CurrentPerson) -> None:
    """What is for staff is closed to the student whose attempt the path names."""
    try:
        attempt_id = UUID(connection.path_params.get("attempt_id", ""))
    except ValueError:
        return  # no attempt, or none that can be: the route says so
    await refuse_own(context, attempt_id, person)


def _accesses(dependant: Dependant) -> Iterator[Access]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, PeopleOnly | Anyone | InternalOnly):
            yield dependency.call
        yield from _accesses(dependency)
