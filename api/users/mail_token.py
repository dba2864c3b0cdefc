"""Single-use tokens that travel by mail: stored as hashes, and mailed through the mail book."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.ports import MailBook
from api.token import hash_of
from schema.db.tables.users import MailToken, Person
from schema.failures import Failure, FailureType
from schema.notice import Occasion
from schema.settings import Settings


class Purpose(StrEnum):
    """What a token opens."""

    CONFIRM = "confirm"
    RESET = "reset"
    INVITE = "invite"


LIVES = {
    Purpose.CONFIRM: timedelta(days=2),
    Purpose.RESET: timedelta(hours=1),
    Purpose.INVITE: timedelta(days=14),  # nobody waits for it
}
OCCASIONS = {
    Purpose.CONFIRM: Occasion.CONFIRM_ADDRESS,
    Purpose.RESET: Occasion.RESET_PASSWORD,
    Purpose.INVITE: Occasion.INVITED,
}


SPACING = timedelta(minutes=10)  # between mails that strangers can cause to one address


@dataclass(frozen=True, slots=True)
class Mailing:
    """A secret that is to be mailed, now, unless a mail went less than `spacing` ago."""

    secret: str
    now: datetime
    spacing: timedelta


def mail_spacing(settings: Settings) -> timedelta:
    """None without rate limits."""
    return SPACING if settings.rate_limits else timedelta(0)


async def issue_spaced(session: AsyncSession, person_id: UUID, purpose: Purpose, mailing: Mailing) -> bool:
    """Store a new token, unless the link of a recent mail still works: that one stays. Whether to mail."""
    recent = mailing.now + LIVES[purpose] - mailing.spacing
    query = select(MailToken.token_hash).where(
        MailToken.person_id == person_id,
        MailToken.purpose == purpose.value,
        MailToken.used_at.is_(None),
        MailToken.expires_at > recent,
    )
    if mailing.spacing and (await session.scalars(query.limit(1))).first() is not None:
        return False
    await issue(session, person_id, purpose, mailing.secret, mailing.now)
    return True


async def issue(session: AsyncSession, person_id: UUID, purpose: Purpose, secret: str, now: datetime) -> None:
    """Store a new token; earlier ones for the same purpose no longer work.

    But for those that confirm an address: who registers it again takes no link away from whoever did before.
    """
    same = delete(MailToken).where(MailToken.person_id == person_id, MailToken.purpose == purpose.value)
    if purpose is Purpose.CONFIRM:
        same = same.where(MailToken.expires_at <= now)
    await session.execute(same)
    token = MailToken(token_hash=hash_of(secret), person_id=person_id, purpose=purpose.value)
    token.expires_at = now + LIVES[purpose]
    session.add(token)


async def post(mails: MailBook, person_id: UUID, purpose: Purpose, secret: str, now: datetime) -> None:
    """Hand the token to the mail loop, once per token; the secret is forgotten when the mail is sent."""
    occasion = OCCASIONS[purpose]
    facts = {"token": secret, "expires_at": (now + LIVES[purpose]).isoformat()}
    await mails.enlist(person_id, f"{occasion}:{hash_of(secret)[:16]}", occasion, facts)


async def owner_of(
    session: AsyncSession, purposes: Collection[Purpose], secret: str, now: datetime
) -> Person:
    """Whose valid token this is. Raises INVALID for a token that is unknown, used or too old."""
    row = await session.get(MailToken, hash_of(secret))
    usable = row is not None and row.purpose in purposes and row.used_at is None and row.expires_at > now
    person = await session.get(Person, row.person_id) if usable and row is not None else None
    if person is None or person.disabled_at is not None:
        raise _useless()
    return person


async def spend(session: AsyncSession, secret: str, now: datetime) -> None:
    """Use a token up, with one conditional write. Raises INVALID when somebody else just did."""
    unused = (MailToken.token_hash == hash_of(secret), MailToken.used_at.is_(None))
    spent = await session.execute(update(MailToken).where(*unused).values(used_at=now))
    if cast(CursorResult[Any], spent).rowcount != 1:
        raise _useless()


async def forget_others(session: AsyncSession, person_id: UUID, secret: str) -> None:
    """Let no other mailed link of this person work any more."""
    others = (MailToken.person_id == person_id, MailToken.token_hash != hash_of(secret))
    await session.execute(delete(MailToken).where(*others))


def _useless() -> Failure:
    message = "this link is not valid any more: it was used, is too old or incomplete; ask for a new one"
    return Failure(FailureType.INVALID, message, field="/token")
