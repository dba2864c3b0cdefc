"""Names of people for those who watch; a name is empty once its person is gone."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from api.context import Context
from schema.db.tables.users import Person


async def names_of(context: Context, people: Collection[UUID]) -> dict[UUID, str]:
    """The display names of those of these people who are there."""
    if not people:
        return {}
    query = select(Person.person_id, Person.display_name).where(Person.person_id.in_(people))
    async with context.databases.users.read() as session:
        return {row.person_id: row.display_name for row in await session.execute(query)}
