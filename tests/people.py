"""People of tests as they are stored: with an account, roles, and a session that access tokens can name."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.token import new_secret
from api.users.person import new_person, set_roles
from api.users.refresh import add_token
from schema.db.tables.users import Person
from schema.ids import new_id
from schema.role import Role

SESSION_LIFE = timedelta(days=14)


def add_session(session: AsyncSession, person_id: UUID, now: datetime) -> UUID:
    """The id of a new session of this person."""
    session_id = new_id()
    add_token(session, person_id, new_secret(), now + SESSION_LIFE, session_id)
    return session_id


async def call(session: AsyncSession, person_id: UUID, name: str, now: datetime) -> None:
    """Let there be this person, by this name."""
    person = await session.get(Person, person_id)
    if person is None:
        person = new_person(f"{person_id.hex}@example.org", name, "", now)
        person.person_id, person.confirmed_at = person_id, now
        session.add(person)
    person.display_name = name


async def enrol(session: AsyncSession, person_id: UUID, roles: Iterable[Role], now: datetime) -> UUID:
    """Let there be this person with exactly these roles. Returns the id of a new session."""
    if await session.get(Person, person_id) is None:
        await call(session, person_id, "Somebody", now)
    await set_roles(session, person_id, roles)
    return add_session(session, person_id, now)
