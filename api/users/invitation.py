"""Inviting people whose account somebody else made: a mail with a link that lets them set their password."""

import base64
import hashlib
import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.limit import Rate
from api.security import require
from api.token import CurrentPerson, hash_of
from api.users.change import Author, act_on
from api.users.mail_token import Purpose, issue, post
from api.users.person import find_person, show
from api.users.shape import PersonView
from schema.db.journal import record
from schema.db.tables.users import UsersReceipt
from schema.failures import Failure, FailureType
from schema.journal import ActKind
from schema.role import Role

router = APIRouter(prefix="/people/{person_id}/invitation")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


@router.post("", summary="Invite a person again", response_model=PersonView)
async def invite_again(person_id: UUID, admin: Admin, context: ContextOf, key: IdempotencyKey) -> Response:
    """Mail a new link to choose a password; it works once, for 14 days, and earlier invitations no longer do.

    Raises CONFLICT for a person who has confirmed their address, or is disabled.
    """
    users = context.databases.users
    receipt = Receipt(users, UsersReceipt, admin.person_id, f"invite/{person_id}", key, context.now())
    return await receipt.once(None, lambda: _invite(context, person_id, admin, receipt.id))


async def _invite(context: Context, person_id: UUID, admin: CurrentPerson, request_id: UUID) -> PersonView:
    async def work(session: AsyncSession) -> PersonView:
        person = await find_person(session, person_id, admin.organisation_id)
        if person.confirmed_at is not None or person.disabled_at is not None:
            said = "only people who never signed in can be invited again; others ask for a new password"
            raise Failure(FailureType.CONFLICT, said)
        await context.limits.hit(Rate.INVITE_ACCOUNT, hash_of(person.email))
        await issue_invitation(session, context, request_id, person_id)
        author = Author(admin.person_id, context.now())
        await record(session, act_on(author, person, ActKind.INVITED, act_id=request_id))
        return await show(session, person)

    view = await context.databases.users.run(work)
    await post_invitation(context, request_id, person_id)
    return view


def invitation_secret(context: Context, request_id: UUID, person_id: UUID) -> str:
    """Derived from the request and the person, so that doing a request again mails nobody twice."""
    key = b"proctorwise invitation\x00" + context.settings.jwt_secret.get_secret_value().encode()
    digest = hmac.digest(hashlib.sha256(key).digest(), request_id.bytes + person_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def issue_invitation(
    session: AsyncSession, context: Context, request_id: UUID, person_id: UUID
) -> None:
    """Store the token, in the transaction that makes or finds the person."""
    secret = invitation_secret(context, request_id, person_id)
    await issue(session, person_id, Purpose.INVITE, secret, context.now())


async def post_invitation(context: Context, request_id: UUID, person_id: UUID) -> None:
    """Hand the mail to the mail loop, after the transaction."""
    secret = invitation_secret(context, request_id, person_id)
    await post(context.mails, person_id, Purpose.INVITE, secret, context.now())
