"""Rows of answers, windows and marks in `_corrections` from messages, and back."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from schema.db.tables.corrections import AnswerRow, AnswerWindow, ItemMarkRow, LateAnswerRow
from schema.grading import Answer, AnswerStanding, AnswerValue, ItemMark
from schema.lifecycle import WindowProjection

_VALUE: TypeAdapter[AnswerValue | None] = TypeAdapter(AnswerValue | None)


def document_of(answer: Answer) -> dict[str, Any] | None:
    """The answer's value as it is stored."""
    return None if answer.value is None else answer.value.model_dump(mode="json")


def answer_of(row: AnswerRow | LateAnswerRow) -> Answer:
    """A stored revision."""
    is_late = isinstance(row, LateAnswerRow)
    return Answer(
        attempt_id=row.attempt_id,
        question_id=row.question_id,
        epoch=row.epoch,
        revision=row.revision,
        value=_VALUE.validate_python(row.value),
        answered_at=row.answered_at,
        received_at=row.received_at,
        standing=AnswerStanding.LATE if is_late else AnswerStanding.COUNTED,
    )


def counted_row(answer: Answer, seconds: int) -> AnswerRow:
    """A revision that counts."""
    return AnswerRow(**_columns(answer), seconds=seconds)


def late_row(answer: Answer, ended_at: datetime | None) -> LateAnswerRow:
    """A revision that came after this end."""
    return LateAnswerRow(**_columns(answer), ended_at=ended_at)


def window_of(row: AnswerWindow) -> WindowProjection:
    """The window as it was projected."""
    return WindowProjection.model_validate(
        {name: getattr(row, name) for name in WindowProjection.model_fields if name != "base"}
    )


def item_of(row: ItemMarkRow) -> ItemMark:
    """A stored mark."""
    return ItemMark.model_validate(
        {
            "question_id": row.question_id,
            "earned": row.earned,
            "points": row.points,
            "explanation": row.explanation,
            "by": row.marked_by,
        }
    )


def _columns(answer: Answer) -> dict[str, Any]:
    return {
        "attempt_id": answer.attempt_id,
        "question_id": answer.question_id,
        "epoch": answer.epoch,
        "revision": answer.revision,
        "value": document_of(answer),
        "answered_at": answer.answered_at,
        "received_at": answer.received_at,
    }
