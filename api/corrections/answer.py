"""The student's side: the paper, and answers saved one by one as they are typed."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy import select

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.answer_row import answer_of
from activities.adapters.sql.window_fence import close_window
from api.context import Context, ContextOf
from api.corrections.answer_shape import (
    AnswerDraft,
    Answers,
    Batch,
    BatchItem,
    BatchResult,
    Epoch,
    Saved,
    stored,
)
from api.corrections.attempt import AttemptFacts, is_written_now, own_attempt
from api.corrections.shelf import ExamShelf, question_of
from api.errors import problem
from api.idempotency import Receipt
from api.paper import PaperView, paper_view
from api.security import require
from api.token import CurrentPerson
from schema.answer_check import check_answer
from schema.attempt import FINAL_PHASES, SITTING_PHASES, Phase
from schema.db.tables.corrections import AnswerRow, AnswerWindow, CorrectionsReceipt, LateAnswerRow
from schema.failures import Failure, FailureType
from schema.grading import Answer, AnswerStanding
from schema.outcome import Release
from schema.paper import paper_for
from schema.role import Role

router = APIRouter(prefix="/attempts/{attempt_id}")

Student = Annotated[CurrentPerson, require(Role.STUDENT)]

MaybeKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$"),
]

# The clock is projected a moment after the workflow has moved it.
SITTING = SITTING_PHASES | {Phase.ADMITTED}
MAY_LAG = frozenset({FailureType.NOT_FOUND, FailureType.ILLEGAL_MOVE})

LATE: dict[int | str, dict[str, Any]] = {
    202: {"model": Saved, "description": "It came after the end: kept for an admin to accept"}
}


@router.get("/paper")
async def get_paper(attempt_id: UUID, person: Student, context: ContextOf) -> PaperView:
    """The paper in this attempt's order, while it is being written and not paused."""
    facts = await own_attempt(context, attempt_id, person)
    if facts.phase is not Phase.IN_PROGRESS and not (
        facts.phase in SITTING and await is_written_now(context, facts)
    ):
        said = "the paper is shown only while the exam is in progress"
        raise Failure(FailureType.ILLEGAL_MOVE, said, phase=facts.phase)
    shelf = context.kept(ExamShelf)
    exam = await shelf.exam(facts.exam_id, facts.exam_version)
    return paper_view(paper_for(exam, facts.seed), await shelf.html(exam))


@router.post("/answer-epoch", status_code=201, response_model=Epoch)
async def begin_epoch(
    attempt_id: UUID,
    person: Student,
    context: ContextOf,
    key: MaybeKey = None,
    after: Annotated[
        int | None,
        Query(ge=0, lt=2**31, description="Only if no device has begun since this epoch; else 409"),
    ] = None,
) -> Epoch | Response:
    """Let this device answer from now on: its answers win over those of devices that began before it.

    With an Idempotency-Key it is done once: a page that does not know whether it was heard asks again, with `after`.
    """
    await own_attempt(context, attempt_id, person)
    if key is None:
        return await _begin(context, attempt_id, after)
    books = context.databases.corrections, CorrectionsReceipt
    receipt = Receipt(*books, person.person_id, f"answer-epoch/{attempt_id}", key, context.now())
    return await receipt.once(None, lambda: _begin(context, attempt_id, after), 201)


@router.put("/answers/{question_id}", responses=LATE)
async def save_answer(
    attempt_id: UUID,
    question_id: UUID,
    draft: AnswerDraft,
    person: Student,
    context: ContextOf,
    response: Response,
) -> Saved:
    """Save one revision of one answer.

    Its arrival alone decides. 200: it counts. 202: it came after the end and is kept for an admin to accept.
    409: refused; with `retry_when` it is taken once the exam goes on, with `deadline_at` it is not kept any more.
    An older revision than the stored one changes nothing, and the stored one is told.
    """
    facts = await own_attempt(context, attempt_id, person)
    saved = await _save(context, facts, question_id, draft)
    response.status_code = _status(saved)
    return saved


@router.post("/answers")
async def save_answers(
    attempt_id: UUID, batch: Batch, person: Student, context: ContextOf
) -> list[BatchResult]:
    """Save what waited on the device during an outage: each is judged on its own, in the order sent."""
    facts = await own_attempt(context, attempt_id, person)
    return [await _result(context, facts, item) for item in batch.answers]


@router.get("/answers")
async def list_answers(attempt_id: UUID, person: Student, context: ContextOf) -> Answers:
    """The student's own answers so far, to go on with on another device."""
    await own_attempt(context, attempt_id, person)
    counted = select(AnswerRow).where(AnswerRow.attempt_id == attempt_id)
    late = select(LateAnswerRow).where(LateAnswerRow.attempt_id == attempt_id)
    async with context.databases.corrections.read() as session:
        window = await session.get(AnswerWindow, attempt_id)
        rows = [*await session.scalars(counted), *await session.scalars(late)]
    rows.sort(key=lambda row: (row.question_id, row.epoch, row.revision))
    return Answers(
        items=[stored(answer_of(row)) for row in rows],
        deadline_at=window.deadline_at if window else None,
        server_time=context.now(),
        epoch=window.epoch if window else 0,
    )


async def _begin(context: Context, attempt_id: UUID, after: int | None) -> Epoch:
    try:
        epoch = await SqlAnswerBook(context.databases.corrections).begin_epoch(attempt_id, after)
    except Failure as failure:
        if failure.type is not FailureType.NOT_FOUND:
            raise
        said = "this attempt takes no answers yet; start it first"
        raise Failure(FailureType.ILLEGAL_MOVE, said) from failure
    return Epoch(epoch=epoch, server_time=context.now())


async def _save(context: Context, facts: AttemptFacts, question_id: UUID, draft: AnswerDraft) -> Saved:
    exam = await context.kept(ExamShelf).exam(facts.exam_id, facts.exam_version)
    check_answer(question_of(exam, question_id), draft.value)
    answer = Answer(
        attempt_id=facts.attempt_id,
        question_id=question_id,
        epoch=draft.epoch,
        revision=draft.revision,
        value=draft.value,
        answered_at=draft.answered_at,
        received_at=context.now(),
    )
    kept = await _kept(context, facts, answer, draft.seconds)
    return Saved(
        question_id=question_id,
        epoch=kept.epoch,
        revision=kept.revision,
        standing=kept.standing,
        received_at=kept.received_at,
        server_time=context.now(),
        deadline_at=await _deadline(context, facts.attempt_id),
    )


async def _kept(context: Context, facts: AttemptFacts, answer: Answer, seconds: int) -> Answer:
    corrections = context.databases.corrections
    if facts.phase in FINAL_PHASES:
        await close_window(corrections, facts.final_row)
    try:
        book = SqlAnswerBook(corrections)
        return await book.save(answer, seconds, is_shown=facts.release is not Release.WITHHELD)
    except Failure as failure:
        if failure.type in MAY_LAG and facts.phase in SITTING and await is_written_now(context, facts):
            said = "the exam has just gone on; send the answer again in a second"
            raise Failure(FailureType.UNAVAILABLE, said, retry_after=1) from failure
        raise


async def _result(context: Context, facts: AttemptFacts, item: BatchItem) -> BatchResult:
    try:
        saved = await _save(context, facts, item.question_id, item)
    except Failure as failure:
        return BatchResult(question_id=item.question_id, status=failure.status, problem=_members(failure))
    return BatchResult(question_id=item.question_id, status=_status(saved), saved=saved)


def _status(saved: Saved) -> int:
    return 202 if saved.standing is AnswerStanding.LATE else 200


def _members(failure: Failure) -> dict[str, object]:
    members: dict[str, object] = json.loads(bytes(problem(failure).body))
    return members


async def _deadline(context: Context, attempt_id: UUID) -> datetime | None:
    async with context.databases.corrections.read() as session:
        window = await session.get(AnswerWindow, attempt_id)
    return window.deadline_at if window else None
