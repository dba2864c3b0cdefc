"""Who may see and decide which reviews: graders essays, reviewers the rest, admins all of them."""

from uuid import UUID

from sqlalchemy import Select, select

from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.corrections import ReviewRow
from schema.failures import Failure, FailureType
from schema.review import ROLE_FOR, ReviewKind
from schema.role import Role


def kinds_for(person: CurrentPerson) -> list[ReviewKind]:
    """The kinds that the person may see."""
    return [kind for kind in ReviewKind if person.has(Role(ROLE_FOR[kind].value), Role.ADMIN)]


def visible_to(person: CurrentPerson) -> Select[ReviewRow]:
    """The reviews that the person may see."""
    return select(ReviewRow).where(
        ReviewRow.organisation_id == person.organisation_id, ReviewRow.kind.in_(kinds_for(person))
    )


async def review_row(context: Context, review_id: UUID, person: CurrentPerson) -> ReviewRow:
    """A review that the person may see. Raises NOT_FOUND, FORBIDDEN."""
    async with context.databases.corrections.read() as session:
        row = await session.get(ReviewRow, review_id)
    if row is None or row.organisation_id != person.organisation_id:
        raise Failure(
            FailureType.NOT_FOUND, "there is no such review; go back and choose it again", review_id=review_id
        )
    if row.kind not in kinds_for(person):
        wanted = ROLE_FOR[ReviewKind(row.kind)]
        raise Failure(FailureType.FORBIDDEN, f"this review is for a {wanted}; your account is not one")
    return row
