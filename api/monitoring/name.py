"""Names of people for those who watch; a name is empty once its person is gone."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from api.context import Context
from schema.db.tables.reservations import AttemptRow
from schema.db.tables.users import Person


async def names_of(context: Context, people: Collection[UUID]) -> dict[UUID, str]:
    """The display names of those of these people who are there."""
    if not people:
        return {}
    query = select(Person.person_id, Person.display_name).where(Person.person_id.in_(people))
    async with context.databases.users.read() as session:
        return {row.person_id: row.display_name for row in await session.execute(query)}


async def student_names(context: Context, attempts: Collection[AttemptRow]) -> dict[UUID, str]:
    """The student's name of each attempt, by its id: as it was at the door, and before that as it is."""
    names = await names_of(context, {row.student_id for row in attempts if row.name_at_door is None})
    return {row.attempt_id: row.name_at_door or names.get(row.student_id, "") for row in attempts}
