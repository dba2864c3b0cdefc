"""One's own attempts: people see and use them as their student only, whatever other roles they have."""

from uuid import UUID

from sqlalchemy import select

from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType

OWN = "this is your own attempt, and nobody watches, judges or decides about themselves; ask a colleague"


async def refuse_own(context: Context, attempt_id: UUID, person: CurrentPerson) -> None:
    """Keep people from their own attempt where only staff may go (FORBIDDEN); an unknown attempt passes."""
    query = select(AttemptRow.student_id).where(AttemptRow.attempt_id == attempt_id)
    async with context.databases.reservations.read() as session:
        student_id = await session.scalar(query)
    if student_id == person.person_id:
        raise Failure(FailureType.FORBIDDEN, OWN)


async def own_attempts(context: Context, person: CurrentPerson) -> list[UUID]:
    """The person's own attempts, for leaving them out of what staff see."""
    query = select(AttemptRow.attempt_id).where(AttemptRow.student_id == person.person_id)
    async with context.databases.reservations.read() as session:
        return list(await session.scalars(query))
