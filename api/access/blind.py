"""Blind marking: who marks an essay of an attempt sees no picture and hears no incident of it meanwhile."""

from uuid import UUID

from sqlalchemy import select

from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.corrections import ReviewRow
from schema.failures import Failure, FailureType
from schema.review import ReviewKind

BLIND = (
    "you are marking an essay of this attempt, and whoever marks does not see its student; "
    "finish the marks or give them back, then you can look"
)


async def refuse_blind(context: Context, attempt_id: UUID, person: CurrentPerson) -> None:
    """Keep a grader from evidence of the attempt whose essay they have taken and not yet marked (FORBIDDEN)."""
    query = select(ReviewRow.review_id).where(
        ReviewRow.attempt_id == attempt_id,
        ReviewRow.kind == ReviewKind.ESSAY,
        ReviewRow.assignee_id == person.person_id,
        ReviewRow.decided_at.is_(None),
    )
    async with context.databases.corrections.read() as session:
        is_marking = await session.scalar(query.limit(1)) is not None
    if is_marking:
        raise Failure(FailureType.FORBIDDEN, BLIND)
