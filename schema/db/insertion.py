"""Inserts a row once, whoever else tries at the same moment; portable, so without an engine's own upsert."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def insert_once(session: AsyncSession, row: object) -> bool:
    """True if this call wrote the row, False if a unique key was taken; the transaction goes on either way."""
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
