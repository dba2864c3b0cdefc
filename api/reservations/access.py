"""Whose attempt it is, who may see it, and in which role a person acts on it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.token import CurrentPerson
from schema.db.tables.reservations import AttemptRow, ExamRow
from schema.failures import Failure, FailureType
from schema.lifecycle import Actor
from schema.machine import ActorRole, Machine, S, V
from schema.role import Role

OVERSEERS = (Role.PROCTOR, Role.REVIEWER, Role.ADMIN)
READERS = (Role.STUDENT, Role.AUTHOR, *OVERSEERS)
_BY_POWER = (Role.STUDENT, Role.PROCTOR, Role.GRADER, Role.REVIEWER, Role.AUTHOR, Role.ADMIN)


def roles_for(machine: Machine[S, V], verb: V) -> tuple[Role, ...]:
    """The people's roles that the table lets do this, in some state."""
    allowed = {actor for move in machine.moves if move.verb is verb for actor in move.actors}
    return tuple(role for role in _BY_POWER if role.as_actor in allowed)


async def find_attempt(session: AsyncSession, attempt_id: UUID, person: CurrentPerson) -> AttemptRow:
    """An attempt that this person may see. Raises NOT_FOUND, also for what belongs to others."""
    row = await session.get(AttemptRow, attempt_id)
    if row is None or row.organisation_id != person.organisation_id:
        raise _unknown(attempt_id)
    if is_own(row, person) or person.has(*OVERSEERS):
        return row
    exam = await session.get(ExamRow, row.exam_id) if person.has(Role.AUTHOR) else None
    if exam is None or exam.author_id != person.person_id:
        raise _unknown(attempt_id)
    return row


def is_own(row: AttemptRow, person: CurrentPerson) -> bool:
    """Whether the person sits this attempt."""
    return row.student_id == person.person_id


def actor_for(row: AttemptRow, person: CurrentPerson, allowed: Iterable[Role]) -> Actor:
    """The role in which the person acts: on their own attempt only as its student, on others never as one.

    Raises FORBIDDEN, and NOT_FOUND where they may not even know of the attempt.
    """
    wanted = set(allowed)
    if row.student_id == person.person_id:
        mine = person.roles & wanted & {Role.STUDENT}
        if not mine:
            raise Failure(FailureType.FORBIDDEN, "nobody decides about their own attempt; ask a colleague")
        return Actor(role=ActorRole.STUDENT, person_id=person.person_id)
    mine = (person.roles & wanted) - {Role.STUDENT}
    if not mine:
        if not person.has(*OVERSEERS):
            raise _unknown(row.attempt_id)
        who = ", ".join(sorted(wanted))
        raise Failure(FailureType.FORBIDDEN, f"at this attempt, this is for {who}")
    role = next(role for role in _BY_POWER if role in mine)
    return Actor(role=role.as_actor, person_id=person.person_id)


def _unknown(attempt_id: UUID) -> Failure:
    return Failure(
        FailureType.NOT_FOUND, "there is no such attempt; go back and choose it again", attempt_id=attempt_id
    )
