"""Setting a new password by mail."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import Context, ContextOf
from api.limit import Rate
from api.security import address_of, anyone
from api.token import new_secret
from api.users.change import Author, act_on, change_roles
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
from api.users.pending import forget_registrations
from api.users.person import find_by_email, roles_of
from api.users.refresh import revoke_all
from api.users.shape import PasswordReset, Promise, ResetRequest
from schema.db.journal import record
from schema.db.tables.users import Person
from schema.journal import ActKind
from schema.role import Role

router = APIRouter(prefix="/password-resets")

PROMISE = Promise(message="If there is an account with this address, a mail with a link is on its way.")


@router.post(
    "",
    status_code=202,
    summary="Ask for a new password",
    dependencies=[anyone("rate limited; the answer is the same whether the address is known or not")],
)
async def request_reset(body: ResetRequest, request: Request, context: ContextOf) -> Promise:
    """Mail a link that works once, for an hour; the link of a mail a few minutes ago stays the one that works."""
    await context.limits.hit(Rate.RESET_ADDRESS, address_of(request))
    async with steady_pace(context.pace):
        await _send_link(context, body.email)
    return PROMISE


@router.post(
    "/complete",
    status_code=204,
    summary="Set the new password",
    dependencies=[anyone("needs the token of a mail")],
)
async def complete_reset(body: PasswordReset, request: Request, context: ContextOf) -> None:
    """Set the password, confirm the address, and end all sessions of this person."""
    await context.limits.hit(Rate.TOKEN_ADDRESS, address_of(request))
    password_hash = await context.passwords.hash(body.password, address_of(request))
    now = context.now()
    await context.databases.users.run(lambda session: _complete(session, body.token, password_hash, now))


async def _send_link(context: Context, email: str) -> None:
    secret, now = new_secret(), context.now()
    mailing = Mailing(secret, now, mail_spacing(context.settings))

    async def work(session: AsyncSession) -> Person | None:
        person = await find_by_email(session, email)
        if person is None or person.disabled_at is not None:
            return None
        return person if await issue_spaced(session, person.person_id, Purpose.RESET, mailing) else None

    person = await context.databases.users.run(work)
    if person is not None:
        await post(context.mails, person.person_id, Purpose.RESET, secret, now)


async def _complete(session: AsyncSession, secret: str, password_hash: str, now: datetime) -> None:
    person = await owner_of(session, {Purpose.RESET, Purpose.INVITE}, secret, now)
    author = Author(person.person_id, now)
    await spend(session, secret, now)
    await forget_others(session, person.person_id, secret)
    await forget_registrations(session, person.person_id)
    person.password_hash = password_hash
    person.confirmed_at = person.confirmed_at or now  # whoever reads the mail has the address
    if not (await roles_of(session, [person.person_id]))[person.person_id]:
        await change_roles(session, person, [Role.STUDENT], author)
    await revoke_all(session, person.person_id, now)
    await record(session, act_on(author, person, ActKind.PASSWORD_CHANGED))
