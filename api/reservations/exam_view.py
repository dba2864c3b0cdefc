"""Shapes of the authoring routes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Header, Response
from pydantic import BaseModel, Field

from api.field import MOST_SAID
from schema.db.tables.reservations import ExamRow
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.policy_check import Complaint
from schema.sitting.rule import Counting


class ExamSummary(BaseModel):
    """An exam in a list; nothing of its questions."""

    exam_id: UUID
    author_id: UUID
    title: str = Field(examples=["Networks 1, winter term"])
    is_published: bool = Field(description="Whether this version can be booked")
    version: int
    offered_version: int | None = Field(None, description="The version that can be booked, if any")
    attempts_allowed: int = Field(1, description="Sittings that a student may start")
    counts: Counting = Field(Counting.BEST, description="Which of them counts")
    duration: timedelta
    pass_mark: Decimal = Field(description="Per cent of the points")
    points: Decimal
    questions: int
    created_at: datetime
    updated_at: datetime


class GiftProblem(BaseModel):
    """Something about one place of the file; lines and columns count from 1."""

    line: int = Field(examples=[12])
    column: int = Field(examples=[3])
    message: str = Field(examples=["this { is not closed; end the answers with }"])


class Imported(BaseModel):
    """What an import has led to."""

    exam_id: UUID
    version: int
    section_id: UUID
    question_ids: list[UUID]
    warnings: list[GiftProblem]


def summary(row: ExamRow, exam: Exam, *, as_offered: bool) -> ExamSummary:
    """For lists; `exam` is the version that can be booked, or the newest."""
    return ExamSummary(
        exam_id=row.exam_id,
        author_id=row.author_id,
        title=exam.title,
        is_published=as_offered or row.is_published,
        version=exam.version,
        offered_version=row.offered_version,
        attempts_allowed=exam.policy.attempts_allowed,
        counts=exam.policy.counts,
        duration=exam.policy.duration,
        pass_mark=exam.policy.pass_mark,
        points=exam.points,
        questions=len(exam.questions),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=r'^(W/)?"?[0-9]{1,9}"?$',
        description="The version that the change was made to, as the ETag said: nobody's work is overwritten",
        examples=['"3"'],
    ),
]


def version_of(if_match: str) -> int:
    """The version that an If-Match header names."""
    return int(if_match.removeprefix("W/").strip('"'))


def tagged(exam: Exam, response: Response) -> Exam:
    """The exam, with its version as the response's ETag."""
    response.headers["ETag"] = f'"{exam.version}"'
    return exam


def refuse(complaints: list[Complaint], advice: str) -> None:
    """Raises INVALID that names every place, if there is any complaint."""
    if complaints:
        errors = [{"in": "body", "pointer": at, "problem": said, "advice": advice} for at, said in complaints]
        said = ". ".join(dict.fromkeys(complaint for _, complaint in complaints[:MOST_SAID]))
        raise Failure(FailureType.INVALID, said, errors=errors)
