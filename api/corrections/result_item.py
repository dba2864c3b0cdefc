"""One question of a result: its mark with the author's feedback and the grader's remarks."""

from typing import Any

from pydantic import TypeAdapter

from api.corrections.result_view import CriterionResult, ItemResult
from api.paper import question_view
from api.rendering import Rendered
from schema.db.tables.corrections import ItemMarkRow
from schema.exam import Essay, Question
from schema.feedback import feedback_for
from schema.grading import AnswerValue
from schema.marking import what_was_given
from schema.paper import question_for
from schema.review import EssayVerdict, ReviewDecision
from schema.sitting.disclosure import Disclosure

_VALUE: TypeAdapter[AnswerValue | None] = TypeAdapter(AnswerValue | None)


def item_result(question: Question, row: ItemMarkRow, shown: Disclosure, html: Rendered) -> ItemResult:
    """The mark of a question, from the snapshot of the answer that was marked, with as much as may be shown."""
    if shown is not Disclosure.SHOWN:
        return _without_key(question, row, shown, html)
    answer, verdict = _VALUE.validate_python(row.answer), _verdict(row.criteria)
    return ItemResult.model_validate(
        {
            "question": question_view(question_for(question), html).model_dump(),
            "answer": answer,
            "earned": row.earned,
            "points": row.points,
            "explanation": row.explanation,
            "feedback_html": [html.block(text) for text in feedback_for(question, answer)],
            "criteria": [] if verdict is None else _criteria(question, verdict),
            "remark": "" if verdict is None else verdict.comment,
            "marked_by": row.marked_by,
        }
    )


def _without_key(question: Question, row: ItemMarkRow, shown: Disclosure, html: Rendered) -> ItemResult:
    """No right answer, feedback or rubric; a grader's words once nobody can use them.

    Who may sit again does not see either what a question with a key earned: of two options that tells the right one.
    """
    answer, verdict = _VALUE.validate_python(row.answer), _verdict(row.criteria)
    is_marked = isinstance(question, Essay) or shown is not Disclosure.MAY_SIT_AGAIN
    return ItemResult.model_validate(
        {
            "question": question_view(question_for(question), html).model_dump(),
            "answer": answer,
            "earned": row.earned if is_marked else None,
            "points": row.points,
            "explanation": what_was_given(question, answer),
            "feedback_html": [],
            "criteria": [],
            "remark": verdict.comment if verdict and shown is Disclosure.NEVER else "",
            "marked_by": row.marked_by,
        }
    )


def _verdict(decision: dict[str, Any] | None) -> EssayVerdict | None:
    verdict = None if decision is None else ReviewDecision.model_validate(decision).verdict
    return verdict if isinstance(verdict, EssayVerdict) else None


def _criteria(question: Question, verdict: EssayVerdict) -> list[CriterionResult]:
    given = {mark.key: mark for mark in verdict.marks}
    return [
        CriterionResult(
            text=line.text,
            earned=given[line.key].earned,
            points=line.points,
            comment=given[line.key].comment,
        )
        for line in (question.rubric if isinstance(question, Essay) else ())
        if line.key in given
    ]
