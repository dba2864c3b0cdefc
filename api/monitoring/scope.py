"""Whose attempt a request is about, and whether the caller may see it."""

from uuid import UUID

from sqlalchemy import select

from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.monitoring import AttemptFeed
from schema.failures import Failure, FailureType
from schema.role import Role

WATCHERS = (Role.PROCTOR, Role.REVIEWER, Role.ADMIN)


async def feed_for(context: Context, attempt_id: UUID, person: CurrentPerson) -> AttemptFeed:
    """The attempt's feed for those who watch, or for the student whose it is; NOT_FOUND for everyone else."""
    query = select(AttemptFeed).where(
        AttemptFeed.attempt_id == attempt_id, AttemptFeed.organisation_id == person.organisation_id
    )
    async with context.databases.monitoring.read() as session:
        feed = await session.scalar(query)
    if feed is None or not (person.has(*WATCHERS) or feed.student_id == person.person_id):
        raise Failure(
            FailureType.NOT_FOUND,
            "nothing of this attempt is watched; it may not have begun",
            attempt_id=attempt_id,
        )
    return feed
