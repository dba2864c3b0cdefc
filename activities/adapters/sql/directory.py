"""People over `_users`, as those who write to them need them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from activities.ports import Contact
from schema.db.session import Database
from schema.db.tables.users import Person, PersonRole
from schema.failures import Failure, FailureType


class SqlDirectory:
    """Implements Directory."""

    def __init__(self, users: Database) -> None:
        self._users = users

    async def contact(self, person_id: UUID) -> Contact:
        """One person. Raises NOT_FOUND."""
        async with self._users.read() as session:
            person = await session.get(Person, person_id)
        if person is None:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such person; go back and choose it again",
                person_id=person_id,
            )
        return _contact(person)

    async def with_role(self, role: str) -> Sequence[Contact]:
        """Everyone with a role who is not disabled, oldest account first."""
        query = (
            select(Person)
            .join(PersonRole, PersonRole.person_id == Person.person_id)
            .where(PersonRole.role == role, Person.disabled_at.is_(None))
            .order_by(Person.person_id)
        )
        async with self._users.read() as session:
            return [_contact(person) for person in await session.scalars(query)]


def _contact(person: Person) -> Contact:
    return Contact(
        person_id=person.person_id,
        email=person.email,
        display_name=person.display_name,
        time_zone=person.time_zone,
        language=person.language,
        is_confirmed=person.confirmed_at is not None,
    )
