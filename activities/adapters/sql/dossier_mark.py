"""Marks and decisions of a dossier from rows of `_corrections`."""

from collections.abc import Iterator, Sequence
from typing import Any

from schema.db.tables.corrections import ItemMarkRow, MarkingRound, ReviewRow
from schema.dossier import DossierItem, DossierReview, DossierRound
from schema.exam import Essay, Exam, Question
from schema.review import EssayVerdict, ReviewDecision

TITLE_LETTERS = 80


def round_of(row: MarkingRound) -> DossierRound:
    """A marking round."""
    return DossierRound(row.round_number, row.earned, row.points, row.percent, row.passed, row.completed_at)


def items_of(rows: Sequence[ItemMarkRow], exam: Exam) -> tuple[DossierItem, ...]:
    """Items by round and in the exam's order; a question that the exam no longer has stands last."""
    questions = {question.question_id: question for question in exam.questions}
    places = {question_id: place for place, question_id in enumerate(questions)}
    ordered = sorted(rows, key=lambda row: (row.round_number, places.get(row.question_id, len(places))))
    return tuple(_item(row, questions.get(row.question_id)) for row in ordered)


def review_of(row: ReviewRow) -> DossierReview:
    """A decision with its reason; the reviewer stays a role."""
    return DossierReview(
        kind=row.kind,
        subject=row.subject,
        round_number=row.round_number,
        stage=row.stage,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        outcome=row.outcome,
        reason=_reason(row.verdict or {}),
    )


def _reason(verdict: dict[str, Any]) -> str:
    return str(verdict.get("reason") or verdict.get("comment") or "")


def _item(row: ItemMarkRow, question: Question | None) -> DossierItem:
    return DossierItem(
        question_id=row.question_id,
        title=_title(question) if question else str(row.question_id),
        round_number=row.round_number,
        earned=row.earned,
        points=row.points,
        explanation=row.explanation,
        marked_by=row.marked_by,
        comments=tuple(_comments(row, question)),
    )


def _title(question: Question) -> str:
    title = " ".join((question.title or question.text).split())
    return title if len(title) <= TITLE_LETTERS else title[: TITLE_LETTERS - 1].rstrip() + "…"


def _comments(row: ItemMarkRow, question: Question | None) -> Iterator[str]:
    if row.criteria is None:
        return
    verdict = ReviewDecision.model_validate(row.criteria).verdict
    if not isinstance(verdict, EssayVerdict):
        return
    asked = {line.key: line.text for line in question.rubric} if isinstance(question, Essay) else {}
    # Points per criterion and the remark on the whole stand in the explanation already.
    for mark in verdict.marks:
        if mark.comment:
            yield f"{asked.get(mark.key, mark.key)}: {mark.comment}"
