"""Registering, and confirming the address by mail."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import Context, ContextOf
from api.limit import Rate
from api.security import address_of, anyone
from api.token import new_secret
from api.users.change import Author, change_roles
from api.users.mail_token import (
    Mailing,
    Purpose,
    forget_others,
    issue_spaced,
    mail_spacing,
    owner_of,
    post,
    spend,
)
from api.users.pace import steady_pace
from api.users.pending import describe, forget_registrations, keep_registration, registrations_of
from api.users.person import find_by_email, new_person, roles_of, show
from api.users.shape import Confirmation, PersonView, Promise, Registration
from schema.db.tables.users import PendingRegistration, Person
from schema.failures import Failure, FailureType
from schema.role import Role

router = APIRouter()

PROMISE = Promise(message="If there is an account to confirm, a mail with a link is on its way.")


@router.post(
    "/registrations",
    status_code=202,
    summary="Register",
    dependencies=[anyone("rate limited; the answer is the same whether the address is known or not")],
)
async def register(body: Registration, request: Request, context: ContextOf) -> Promise:
    """Make an account and mail a link to confirm its address; an account that is confirmed stays as it is.

    Registering again before confirming takes nothing away: each mailed link works with the password of any of these
    registrations, and what was registered with that password becomes the account. Within some minutes no second
    link is mailed, so that nobody's mailbox is flooded.
    """
    await context.limits.hit(Rate.REGISTER_ADDRESS, address_of(request))
    async with steady_pace(context.pace):
        await _register(context, body, address_of(request))
    return PROMISE


@router.post(
    "/confirmations",
    summary="Confirm the address",
    dependencies=[anyone("needs the token of a mail and the password")],
)
async def confirm(body: Confirmation, request: Request, context: ContextOf) -> PersonView:
    """Confirm with the token of the mail and the password that was registered: so nobody else chose it."""
    await context.limits.hit(Rate.TOKEN_ADDRESS, address_of(request))
    now, lane = context.now(), address_of(request)
    async with context.databases.users.read() as session:
        person = await owner_of(session, {Purpose.CONFIRM}, body.token, now)
        registrations = await registrations_of(session, person.person_id)
    chosen: Person | PendingRegistration = person
    if not await context.passwords.matches(body.password, person.password_hash, lane):
        chosen = await _chosen(context, body.password, registrations, lane)
    return await context.databases.users.run(lambda session: _confirm(session, body.token, chosen, now))


async def _chosen(
    context: Context, password: str, registrations: Sequence[PendingRegistration], lane: str
) -> PendingRegistration:
    """The newest one with this password. Raises UNAUTHENTICATED."""
    for one in reversed(registrations):
        if await context.passwords.matches(password, one.password_hash, lane):
            return one
    message = "this is not the password that was registered; ask for a new password, whose link confirms too"
    raise Failure(FailureType.UNAUTHENTICATED, message)


async def _register(context: Context, body: Registration, lane: str) -> None:
    password_hash = await context.passwords.hash(body.password, lane)
    secret = new_secret()
    now = context.now()
    spacing = mail_spacing(context.settings)
    try:
        person = await context.databases.users.run(
            lambda s: _store(s, body, password_hash, Mailing(secret, now, spacing))
        )
    except IntegrityError:  # the same address a moment ago: that registration stands
        return
    if person is not None:
        await post(context.mails, person.person_id, Purpose.CONFIRM, secret, now)


async def _store(
    session: AsyncSession, body: Registration, password_hash: str, mailing: Mailing
) -> Person | None:
    """The person to whom a link is to be mailed."""
    person = await find_by_email(session, body.email)
    if person is None:
        person = new_person(body.email, body.display_name, password_hash, mailing.now)
        session.add(person)
    elif person.confirmed_at is not None or person.disabled_at is not None:
        return None
    person.password_hash = password_hash
    if not (await roles_of(session, [person.person_id]))[person.person_id]:
        describe(person, body)  # who has a role before confirming was imported: what admins wrote stands
    await keep_registration(session, person.person_id, body, password_hash, mailing.now)
    return person if await issue_spaced(session, person.person_id, Purpose.CONFIRM, mailing) else None


async def _confirm(
    session: AsyncSession, secret: str, chosen: Person | PendingRegistration, now: datetime
) -> PersonView:
    """What was chosen is as it was when the password was checked: others may have registered since."""
    await spend(session, secret, now)
    person = await session.get_one(Person, chosen.person_id)
    person.confirmed_at = now
    await forget_others(session, person.person_id, secret)
    await forget_registrations(session, person.person_id)
    has_role = bool((await roles_of(session, [person.person_id]))[person.person_id])
    person.password_hash = chosen.password_hash
    if not has_role:
        describe(person, chosen)
        await change_roles(session, person, [Role.STUDENT], Author(person.person_id, now))
    await session.flush()
    return await show(session, person)
