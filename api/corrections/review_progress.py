"""How far the deciding is: what waits and what is done, and what became of one decision."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Select, and_, case, func, select

from api.context import Context, ContextOf
from api.corrections.attempt import attempt_facts
from api.corrections.review_access import review_row, visible_to
from api.corrections.review_view import ReviewCount, ReviewOnward
from api.security import require
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.db.tables.corrections import ReviewRow
from schema.ids import review_workflow_id
from schema.review import WAITING_STAGES, ReviewKind, ReviewStage
from schema.role import Role

router = APIRouter(prefix="/reviews")

Decider = Annotated[CurrentPerson, require(Role.GRADER, Role.REVIEWER, Role.ADMIN)]


@router.get("/count")
async def count_reviews(
    person: Decider, context: ContextOf, kind: ReviewKind | None = None, exam_id: UUID | None = None
) -> ReviewCount:
    """Progress of what the person may see, of one exam or kind where named."""
    rows = _counted(person).where(*await visible_to(context, person))
    if kind is not None:
        rows = rows.where(ReviewRow.kind == kind)
    if exam_id is not None:
        rows = rows.where(ReviewRow.exam_id == exam_id)
    async with context.databases.corrections.read() as session:
        total, decided, mine, free, next_due = (await session.execute(rows)).one()
    done, held, open_ = int(decided or 0), int(mine or 0), int(free or 0)
    return ReviewCount(
        free=open_, mine=held, colleagues=total - done - held - open_, decided=done, next_due=next_due
    )


@router.get("/{review_id}/onward")
async def show_onward(review_id: UUID, person: Decider, context: ContextOf) -> ReviewOnward:
    """What followed from the decision. Graders read blind, so they learn of the marking only."""
    row = await review_row(context, review_id, person)
    facts = await attempt_facts(context, row.attempt_id, person)
    is_blind = row.kind == ReviewKind.ESSAY
    return ReviewOnward(
        stage=ReviewStage(row.stage),
        is_taken_up=await Workflows(context.temporal).has_closed(review_workflow_id(review_id)),
        decided_at=row.decided_at,
        still_waiting=await _waiting(context, row),
        marking=facts.marking,
        integrity=None if is_blind else facts.integrity,
        release=None if is_blind else facts.release,
    )


def _counted(person: CurrentPerson) -> Select[int, Any, Any, Any, Any]:
    is_decided = ReviewRow.stage == ReviewStage.DECIDED
    is_mine = and_(ReviewRow.stage == ReviewStage.ASSIGNED, ReviewRow.assignee_id == person.person_id)
    return select(
        func.count(),
        func.sum(case((is_decided, 1), else_=0)),
        func.sum(case((is_mine, 1), else_=0)),
        func.sum(case((ReviewRow.stage == ReviewStage.OPEN, 1), else_=0)),
        func.min(case((~is_decided, ReviewRow.escalate_at))),
    )


async def _waiting(context: Context, row: ReviewRow) -> int:
    """How many other reviews of the attempt must be decided before what this one is about is settled."""
    others = select(func.count()).where(
        ReviewRow.attempt_id == row.attempt_id,
        ReviewRow.review_id != row.review_id,
        ReviewRow.stage.in_(WAITING_STAGES),
    )
    if row.kind != ReviewKind.APPEAL:  # an appeal may open reviews of either kind
        others = others.where(ReviewRow.kind == row.kind)
    async with context.databases.corrections.read() as session:
        return await session.scalar(others) or 0
