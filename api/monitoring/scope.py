"""Whose attempt a request is about, and whether the caller may see it."""

from uuid import UUID

from sqlalchemy import select

from api.access.blind import refuse_blind
from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.monitoring import AttemptFeed
from schema.failures import Failure, FailureType
from schema.role import Role

WATCHERS = (Role.PROCTOR, Role.REVIEWER, Role.ADMIN)


async def feed_for(
    context: Context, attempt_id: UUID, person: CurrentPerson, *, may_be_own: bool = False
) -> AttemptFeed:
    """The attempt's feed for those who watch others, with `may_be_own` for its student too.

    Raises NOT_FOUND, and FORBIDDEN for who marks an essay of it.
    """
    query = select(AttemptFeed).where(
        AttemptFeed.attempt_id == attempt_id, AttemptFeed.organisation_id == person.organisation_id
    )
    async with context.databases.monitoring.read() as session:
        feed = await session.scalar(query)
    is_own = feed is not None and feed.student_id == person.person_id
    if feed is None or not (may_be_own if is_own else person.has(*WATCHERS)):
        raise Failure(
            FailureType.NOT_FOUND,
            "nothing of this attempt is watched; it may not have begun",
            attempt_id=attempt_id,
        )
    if not is_own:
        await refuse_blind(context, attempt_id, person)
    return feed
