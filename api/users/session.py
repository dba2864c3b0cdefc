"""Signing in, staying signed in, signing out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import Context, ContextOf
from api.limit import Rate
from api.security import address_of, anyone, bearer_of, claim_of
from api.token import new_secret
from api.users.cookie import clear_cookies, refresh_token_of, set_cookies
from api.users.device import client_of, remember_device
from api.users.pace import steady_pace
from api.users.person import find_by_email, show
from api.users.refresh import add_token, revoke, revoke_family, rotate
from api.users.shape import Login, PersonView, Refresh, Session
from schema.db.tables.users import Person
from schema.failures import Failure, FailureType
from schema.ids import new_id

router = APIRouter(prefix="/sessions")

MaybeRefresh = Annotated[Refresh | None, Body()]


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    dependencies=[
        anyone(
            "guessing is slowed; unknown address and wrong password get the same answer", Rate.LOGIN_ADDRESS
        )
    ],
)
async def sign_in(body: Login, request: Request, response: Response, context: ContextOf) -> Session:
    """Exchange address and password for tokens; browsers get them as cookies too."""
    client = client_of(request, context, body.email)
    async with context.throttle.turn(client), steady_pace(context.pace):
        person = await _authenticate(context, body, client.name)
    session = await _open(context, person)
    set_cookies(response, context, session)
    if context.settings.rate_limits:
        remember_device(request, response, context, body.email)
    return session


@router.post(
    "/refresh",
    summary="Stay signed in",
    dependencies=[anyone("needs a refresh token")],
)
async def refresh(
    request: Request, response: Response, context: ContextOf, body: MaybeRefresh = None
) -> Session:
    """Exchange a refresh token for new tokens. Each works once: a second use ends the session everywhere."""
    await context.limits.hit(Rate.TOKEN_ADDRESS, address_of(request))
    shown = refresh_token_of(request, context, body.refresh_token if body else None)
    session = await _rotate(context, shown) if shown else None
    if session is None:
        raise Failure(FailureType.UNAUTHENTICATED, "this session has ended; sign in again")
    set_cookies(response, context, session)
    return session


@router.post(
    "/end",
    status_code=204,
    summary="Sign out",
    dependencies=[anyone("ends only the session whose token is shown")],
)
async def sign_out(
    request: Request, response: Response, context: ContextOf, body: MaybeRefresh = None
) -> None:
    """End the session, by its refresh token or its access token: all its tokens are worthless from now on."""
    shown = refresh_token_of(request, context, body.refresh_token if body else None)
    if shown:
        await context.databases.users.run(lambda session: revoke(session, shown, context.now()))
    elif bearer_of(request) is not None:
        ended = claim_of(request, context).session_id
        await context.databases.users.run(lambda session: revoke_family(session, ended, context.now()))
    clear_cookies(response)


async def _authenticate(context: Context, login: Login, lane: str) -> Person:
    async with context.databases.users.read() as session:
        person = await find_by_email(session, login.email)
    is_right = await context.passwords.matches(login.password, person.password_hash if person else None, lane)
    if person is None or not is_right or person.disabled_at is not None:
        raise Failure(
            FailureType.UNAUTHENTICATED, "address or password is wrong; try again or reset the password"
        )
    if person.confirmed_at is None:
        raise Failure(
            FailureType.FORBIDDEN, "confirm your address first: use the link in the mail, or register again"
        )
    return person


async def _open(context: Context, person: Person) -> Session:
    secret, session_id = new_secret(), new_id()
    expires_at = context.now() + context.settings.refresh_token_life

    async def work(session: AsyncSession) -> PersonView:
        add_token(session, person.person_id, secret, expires_at, session_id)
        return await show(session, person)

    return _session(context, await context.databases.users.run(work), person, session_id, secret)


async def _rotate(context: Context, shown: str) -> Session | None:
    secret = new_secret()
    now, life = context.now(), context.settings.refresh_token_life

    async def work(session: AsyncSession) -> tuple[PersonView, Person, UUID] | None:
        found = await rotate(session, shown, secret, now, life)
        return None if found is None else (await show(session, found[0]), *found)

    found = await context.databases.users.run(work)
    return None if found is None else _session(context, *found, secret)


def _session(context: Context, view: PersonView, person: Person, session_id: UUID, secret: str) -> Session:
    roles = frozenset(view.roles)
    return Session(
        access_token=context.tokens.issue(
            person.person_id, person.organisation_id, roles, session_id, context.now()
        ),
        expires_in=int(context.tokens.life.total_seconds()),
        refresh_token=secret,
        person=view,
    )
