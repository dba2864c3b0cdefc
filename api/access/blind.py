"""Blind marking: who marks an essay of an attempt sees nothing else of it meanwhile, whatever other roles they have."""

from uuid import UUID

from sqlalchemy import select

from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.corrections import ReviewRow
from schema.failures import Failure, FailureType
from schema.review import ReviewKind
from schema.role import Role

BLIND = (
    "you are marking an essay of this attempt, and whoever marks does not see its student; "
    "finish the marks or give them back, then you can look"
)


async def refuse_blind(context: Context, attempt_id: UUID, person: CurrentPerson) -> None:
    """Keep a grader from whatever shows the attempt whose essay they have taken and not yet marked (FORBIDDEN)."""
    if attempt_id in await marked_now(context, person):
        raise Failure(FailureType.FORBIDDEN, BLIND)


async def marked_now(context: Context, person: CurrentPerson) -> frozenset[UUID]:
    """The attempts of which this person is marking an essay: no list shows them meanwhile."""
    if not person.has(Role.GRADER):
        return frozenset()
    query = select(ReviewRow.attempt_id).where(
        ReviewRow.kind == ReviewKind.ESSAY,
        ReviewRow.assignee_id == person.person_id,
        ReviewRow.decided_at.is_(None),
    )
    async with context.databases.corrections.read() as session:
        return frozenset(await session.scalars(query))
