"""Who may see and decide which reviews: graders essays, reviewers the rest, admins all of them."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from api.access.blind import marked_now, refuse_blind
from api.access.history import had_role
from api.access.own import own_attempts, refuse_own
from api.context import Context
from api.corrections.review_view import FIRST_LOOK, SECOND_LOOK
from api.token import CurrentPerson
from schema.db.tables.corrections import ReviewRow
from schema.failures import Failure, FailureType
from schema.ids import review_id_for
from schema.review import ROLE_FOR, ReviewKind
from schema.role import Role


def kinds_for(person: CurrentPerson) -> list[ReviewKind]:
    """The kinds that the person may see."""
    return [kind for kind in ReviewKind if person.has(Role(ROLE_FOR[kind].value), Role.ADMIN)]


async def visible_to(context: Context, person: CurrentPerson) -> tuple[ColumnElement[bool], ...]:
    """Conditions of the reviews that the person may see: of their kinds, and never about themselves.

    Nor of an attempt that they mark blindly, but for its essays.
    """
    return (
        ReviewRow.organisation_id == person.organisation_id,
        ReviewRow.kind.in_(kinds_for(person)),
        ReviewRow.attempt_id.not_in(await own_attempts(context, person)),
        or_(
            ReviewRow.kind == ReviewKind.ESSAY,
            ReviewRow.attempt_id.not_in(await marked_now(context, person)),
        ),
    )


async def check_second_person(context: Context, row: ReviewRow, person_id: UUID) -> None:
    """Of two who uphold, the second was a reviewer before the inquiry began: nobody appoints one to agree.

    Raises FORBIDDEN.
    """
    if row.subject != SECOND_LOOK:
        return
    first = review_id_for(row.attempt_id, FIRST_LOOK, row.round_number)
    async with context.databases.corrections.read() as session:
        began = await session.scalar(select(ReviewRow.opened_at).where(ReviewRow.review_id == first))
    if not await had_role(context.databases.users, person_id, Role.REVIEWER, began or row.opened_at):
        said = "this review needs somebody who was a reviewer before it began; ask another reviewer"
        raise Failure(FailureType.FORBIDDEN, said)


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
    await refuse_own(context, row.attempt_id, person)
    if row.kind != ReviewKind.ESSAY:
        await refuse_blind(context, row.attempt_id, person)
    return row
