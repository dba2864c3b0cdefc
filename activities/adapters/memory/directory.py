"""The in-memory twin of the Directory."""

from collections.abc import Sequence
from uuid import UUID

from activities.ports import Contact
from schema.failures import Failure, FailureType


class MemoryDirectory:
    """Implements Directory over the people that `add` names."""

    def __init__(self) -> None:
        self._people: dict[UUID, tuple[Contact, frozenset[str]]] = {}
        self._disabled: set[UUID] = set()

    def add(self, contact: Contact, *roles: str, is_disabled: bool = False) -> None:
        """A person with roles."""
        self._people[contact.person_id] = (contact, frozenset(roles))
        if is_disabled:
            self._disabled.add(contact.person_id)

    async def contact(self, person_id: UUID) -> Contact:
        """One person. Raises NOT_FOUND."""
        if person_id not in self._people:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such person; go back and choose it again",
                person_id=person_id,
            )
        return self._people[person_id][0]

    async def with_role(self, role: str) -> Sequence[Contact]:
        """Everyone with a role who is not disabled, oldest account first."""
        return [
            contact
            for person_id, (contact, roles) in sorted(self._people.items())
            if role in roles and person_id not in self._disabled
        ]
