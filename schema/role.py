"""The six roles a person may have; the machines know them by the same words, beside the system and its timers."""

from enum import StrEnum

from schema.machine import ActorRole


class Role(StrEnum):
    """What a person may be."""

    STUDENT = "student"
    PROCTOR = "proctor"
    GRADER = "grader"
    REVIEWER = "reviewer"
    AUTHOR = "author"
    ADMIN = "admin"

    @property
    def as_actor(self) -> ActorRole:
        """The same role as the machines name it."""
        return ActorRole(self.value)


STAFF = frozenset(Role) - {Role.STUDENT}
