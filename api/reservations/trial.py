"""Trying an exam out: its author sees questions as students do, answers them, and gets the automatic marks."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field, ValidationError, model_validator

from api.access.act import record_key_seen
from api.context import ContextOf
from api.paper import QuestionView, question_view
from api.rendering import Rendered, rendered, texts_of_question
from api.reservations.exam_book import ExamBook
from api.security import require
from api.token import CurrentPerson
from schema.answer_check import check_answer
from schema.exam import Exam, Question
from schema.failures import Failure
from schema.feedback import feedback_for
from schema.grading import AnswerValue
from schema.ids import new_id
from schema.marking import mark
from schema.model import Message
from schema.paper import question_for
from schema.role import Role

router = APIRouter()

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]


class QuestionDraft(Message):
    """A question that may not be stored yet; without an id it gets one for the preview."""

    question: Question

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        question = data.get("question") if isinstance(data, dict) else None
        return {"question": {"question_id": new_id(), **question}} if isinstance(question, dict) else data


class Trial(Message):
    """What the author answered, by question; what is left out is not answered."""

    answers: Annotated[dict[UUID, AnswerValue | None], Field(max_length=1_000)] = {}


class TrialItem(BaseModel):
    """What an answer would earn; `earned` is null where a grader would mark it."""

    question_id: UUID
    earned: Decimal | None
    points: Decimal
    explanation: str
    feedback_html: list[str]


class TrialResult(BaseModel):
    """The whole trial; `awaited` are the points that a grader would give."""

    version: int
    earned: Decimal
    points: Decimal
    awaited: Decimal
    pass_mark: Decimal = Field(description="Per cent of the points")
    items: list[TrialItem]


@router.post("/questions/preview", dependencies=[require(Role.AUTHOR, Role.ADMIN)])
async def preview_question(draft: QuestionDraft) -> QuestionView:
    """A question as a student would see it, while it is being written. Nothing is stored."""
    html = await rendered(text for _, text in texts_of_question(draft.question))
    return question_view(question_for(draft.question), html)


@router.put(
    "/questions/preview",
    response_model=QuestionView,
    responses={204: {"description": "It is not finished yet"}},
    dependencies=[require(Role.AUTHOR, Role.ADMIN)],
)
async def preview_while_typing(
    draft: Annotated[
        dict[str, Any], Body(examples=[{"question": {"kind": "true_false", "text": "The sky is"}}])
    ],
) -> QuestionView | Response:
    """The same with each pause of the author; a question that is not finished is no error then, and no content."""
    try:
        return await preview_question(QuestionDraft.model_validate(draft))
    except ValidationError:
        return Response(status_code=204)


@router.post("/exams/{exam_id}/trial")
async def try_exam(exam_id: UUID, trial: Trial, person: Author, context: ContextOf) -> TrialResult:
    """Mark the author's own answers to the newest version. Nothing is stored, and there is no attempt."""
    async with context.databases.reservations.read() as session:
        exam = await ExamBook(session, person, context.now()).get(exam_id)
    await record_key_seen(context, person, exam_id, exam.version)
    read = [
        text
        for question in exam.questions
        for text in feedback_for(question, trial.answers.get(question.question_id))
    ]
    return _result(exam, trial, await rendered(read))


def _result(exam: Exam, trial: Trial, html: Rendered) -> TrialResult:
    items = [_item(question, trial.answers.get(question.question_id), html) for question in exam.questions]
    return TrialResult(
        version=exam.version,
        earned=sum((item.earned for item in items if item.earned is not None), Decimal(0)),
        points=exam.points,
        awaited=sum((item.points for item in items if item.earned is None), Decimal(0)),
        pass_mark=exam.policy.pass_mark,
        items=items,
    )


def _item(question: Question, answer: AnswerValue | None, html: Rendered) -> TrialItem:
    try:
        check_answer(question, answer)
    except Failure as failure:
        place = f"/answers/{question.question_id}{failure.field.removeprefix('/value')}"
        raise Failure(failure.type, failure.message, field=place) from failure
    marked = mark(question, answer)
    return TrialItem(
        question_id=marked.question_id,
        earned=marked.earned,
        points=marked.points,
        explanation=marked.explanation,
        feedback_html=[html.block(text) for text in feedback_for(question, answer)],
    )
