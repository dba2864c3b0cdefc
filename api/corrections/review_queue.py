"""What waits for a human decision, and what is needed to take it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from api.context import Context, ContextOf
from api.corrections.review_access import review_row, visible_to
from api.corrections.review_label import labelled
from api.corrections.review_subject import appeal_text, earlier_decision, essay_view, exam_of, incidents_of
from api.corrections.review_view import ReviewDetail, ReviewItem
from api.coverage.figure import coverage_of_attempt
from api.paging import Page, PagingOf, page_of
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.corrections import ReviewRow
from schema.exam import Exam
from schema.review import WAITING_STAGES, ReviewKind, ReviewStage
from schema.role import Role

router = APIRouter(prefix="/reviews")

Decider = Annotated[CurrentPerson, require(Role.GRADER, Role.REVIEWER, Role.ADMIN)]


@router.get("")
async def list_reviews(
    person: Decider,
    context: ContextOf,
    paging: PagingOf,
    kind: ReviewKind | None = None,
    stage: ReviewStage | None = None,
    exam_id: UUID | None = None,
    is_mine: Annotated[bool, Query(description="Only those that you hold")] = False,
    is_waiting: Annotated[bool, Query(description="Only those that are not decided")] = False,
) -> Page[ReviewItem]:
    """The queue, most urgent first: essays for graders, integrity and appeals for reviewers."""
    rows = select(ReviewRow).where(*await visible_to(context, person))
    if kind is not None:
        rows = rows.where(ReviewRow.kind == kind)
    if stage is not None:
        rows = rows.where(ReviewRow.stage == stage)
    if exam_id is not None:
        rows = rows.where(ReviewRow.exam_id == exam_id)
    if is_mine:
        rows = rows.where(ReviewRow.assignee_id == person.person_id)
    if is_waiting:
        rows = rows.where(ReviewRow.stage.in_(WAITING_STAGES))
    keys = ReviewRow.escalate_at, ReviewRow.review_id
    async with context.databases.corrections.read() as session:
        page = await page_of(session, rows, paging, *keys, lambda row: row, newest_first=False)
    items = await labelled(context, page.items, person.person_id)
    return Page(items=items, next_cursor=page.next_cursor)


@router.get("/{review_id}")
async def get_review(review_id: UUID, person: Decider, context: ContextOf) -> ReviewDetail:
    """One review with what it is about: the essay and its rubric, the incidents, or the appeal's text."""
    row = await review_row(context, review_id, person)
    return await _detail(context, row, person)


async def _detail(context: Context, row: ReviewRow, person: CurrentPerson) -> ReviewDetail:
    (item,) = await labelled(context, [row], person.person_id)
    exam = await exam_of(context, row, person.person_id)
    about = await (_essay if item.kind is ReviewKind.ESSAY else _conduct)(context, row, exam)
    return ReviewDetail.model_validate(
        {**item.model_dump(), **about, "decided_at": row.decided_at, "verdict": row.verdict}
    )


async def _essay(context: Context, row: ReviewRow, exam: Exam) -> dict[str, object]:
    return {"essay": await essay_view(context, row, exam)}


async def _conduct(context: Context, row: ReviewRow, exam: Exam) -> dict[str, object]:
    return {
        "incidents": await incidents_of(context, row.attempt_id),
        "coverage": await coverage_of_attempt(context, row.attempt_id),
        "leave_after": exam.policy.detection.leave_after,
        "appeal": await appeal_text(context, row),
        "earlier": await earlier_decision(context, row),
    }
