"""Refresh tokens: each is replaced when it is used; using one again after its successor ends the whole family.

Within `LEEWAY` and before any successor was used it works again: its answer was lost on a bad network, or two
windows of one browser asked at once. A person in an exam is not signed out for that.
"""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.token import hash_of
from schema.db.tables.users import Person, RefreshToken

LEEWAY = timedelta(seconds=60)


def add_token(
    session: AsyncSession, person_id: UUID, secret: str, expires_at: datetime, family_id: UUID
) -> None:
    """Store the next token of a family, or its first. The family is the session that access tokens name."""
    session.add(
        RefreshToken(
            token_hash=hash_of(secret),
            family_id=family_id,
            person_id=person_id,
            expires_at=expires_at,
        )
    )


async def rotate(
    session: AsyncSession, secret: str, successor: str, now: datetime, life: timedelta
) -> tuple[Person, UUID] | None:
    """Replace a token by its successor: whose it is, and the session it belongs to.

    None when it is no longer good, its family then being revoked.
    """
    row = await session.get(RefreshToken, hash_of(secret))
    if row is None:
        return None
    if not (await _use(session, row, now) or await _is_answer_lost(session, row, now)):
        await revoke_family(session, row.family_id, now)
        return None
    person = await session.get(Person, row.person_id)
    if person is None or person.disabled_at is not None:
        return None
    add_token(session, row.person_id, successor, now + life, row.family_id)
    return person, row.family_id


async def revoke(session: AsyncSession, secret: str, now: datetime) -> None:
    """End the session this token belongs to; an unknown token ends none."""
    row = await session.get(RefreshToken, hash_of(secret))
    if row is not None:
        await revoke_family(session, row.family_id, now)


async def revoke_family(session: AsyncSession, family_id: UUID, now: datetime) -> None:
    """Make all tokens of a family useless."""
    alive = (RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
    await session.execute(update(RefreshToken).where(*alive).values(revoked_at=now))


async def revoke_all(
    session: AsyncSession, person_id: UUID, now: datetime, spared: UUID | None = None
) -> None:
    """End all sessions of a person but the spared one."""
    alive = [RefreshToken.person_id == person_id, RefreshToken.revoked_at.is_(None)]
    if spared is not None:
        alive.append(RefreshToken.family_id != spared)
    await session.execute(update(RefreshToken).where(*alive).values(revoked_at=now))


async def _use(session: AsyncSession, row: RefreshToken, now: datetime) -> bool:
    unused = (
        RefreshToken.token_hash == row.token_hash,
        RefreshToken.used_at.is_(None),
        RefreshToken.revoked_at.is_(None),
        RefreshToken.expires_at > now,
    )
    used = await session.execute(update(RefreshToken).where(*unused).values(used_at=now))
    return cast(CursorResult[Any], used).rowcount == 1


async def _is_answer_lost(session: AsyncSession, row: RefreshToken, now: datetime) -> bool:
    """Whether it was used just now and nobody has gone on from there."""
    await session.refresh(row)
    if row.used_at is None or row.revoked_at is not None or now > row.used_at + LEEWAY:
        return False
    later = (
        RefreshToken.family_id == row.family_id,
        RefreshToken.token_hash != row.token_hash,
        RefreshToken.used_at >= row.used_at,
    )
    return await session.scalar(select(RefreshToken.token_hash).where(*later).limit(1)) is None
