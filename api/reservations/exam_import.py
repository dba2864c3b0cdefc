"""Importing questions from a file: all of them into one section, or none and every problem by line."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.context import ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.reservations.authorship import authored
from api.reservations.exam_book import ExamBook
from api.reservations.exam_view import GiftProblem, Imported
from api.security import require
from api.token import CurrentPerson
from schema.authoring import MOST_QUESTIONS
from schema.db.tables.reservations import ReservationsReceipt
from schema.exam import Exam, Section
from schema.failures import Failure, FailureType
from schema.gift.problem import Problem
from schema.gift.reader import MOST_BYTES, Reading, read_gift
from schema.name import clean_title
from schema.role import Role

router = APIRouter()

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/plain": {"schema": {"type": "string"}, "example": "::Sky:: The sky is blue. {T}"},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    }
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the questions go: a section that exists, or a new one with this id and title."""

    section_id: UUID | None
    new_section_id: UUID
    title: str


@router.post("/exams/{exam_id}/import", status_code=201, response_model=Imported, openapi_extra=BODY)
async def import_questions(
    exam_id: UUID,
    request: Request,
    key: IdempotencyKey,
    person: Author,
    context: ContextOf,
    section_id: Annotated[
        UUID | None, Query(description="The section to add to; a new one if left out")
    ] = None,
    section_title: Annotated[str, Query(max_length=200), AfterValidator(clean_title)] = "Imported questions",
    points: Annotated[
        Decimal, Query(gt=0, le=1000, max_digits=7, decimal_places=3, description="Each")
    ] = Decimal(1),
) -> Response:
    """Add the questions of a GIFT file, as plain text or as the form field `file`; a new version of the exam.

    With any error nothing is stored, and `errors` lists each with line, column and what to do.
    """
    data = await _file_of(request)
    database = context.databases.reservations
    receipt = Receipt(
        database, ReservationsReceipt, person.person_id, f"import/{exam_id}", key, context.now()
    )
    target = Target(section_id, receipt.id, section_title)
    reading = await asyncio.to_thread(_read, data, points, receipt.id)

    async def import_them() -> Imported:
        return await authored(context, person, lambda _, book: _add(book, exam_id, reading, target))

    return await receipt.once(f"{section_id} {section_title} {points}\n".encode() + data, import_them, 201)


async def _file_of(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        return await request.body()
    if kind != "multipart/form-data":
        raise Failure(
            FailureType.UNSUPPORTED, "send the file as text/plain, or as the field `file` of a form"
        )
    try:
        async with request.form(max_files=1, max_fields=10, max_part_size=MOST_BYTES) as form:
            file = form.get("file")
            if isinstance(file, UploadFile):
                return await file.read()
            if isinstance(file, str):
                return file.encode()
    except HTTPException as error:  # what Starlette makes of a broken form
        said = f"the form is not well-formed: {error.detail}; send it again"
        raise Failure(FailureType.INVALID, said) from error
    raise Failure(FailureType.INVALID, "the form has no field `file`; send the file in it", field="/file")


def _read(data: bytes, points: Decimal, import_id: UUID) -> Reading:
    """Ids come from the import's id, so that doing it again adds nothing new. Raises INVALID with every error."""
    numbers = iter(range(2**31))
    reading = read_gift(data, points, lambda: uuid5(import_id, str(next(numbers))))
    if reading.errors:
        count = "an error" if len(reading.errors) == 1 else f"{len(reading.errors)} errors"
        said = f"the file has {count}, and nothing was imported; correct the named lines and send it again"
        errors = [problem.model_dump() for problem in reading.errors]
        warnings = [problem.model_dump() for problem in reading.warnings]
        raise Failure(FailureType.INVALID, said, errors=errors, warnings=warnings)
    return reading


async def _add(book: ExamBook, exam_id: UUID, reading: Reading, target: Target) -> Imported:
    current = await book.get(exam_id)
    ids = {question.question_id for question in current.questions}
    if reading.questions[0].question_id not in ids:
        if len(ids) + len(reading.questions) > MOST_QUESTIONS:
            said = f"this exam has {len(ids)} questions and can have {MOST_QUESTIONS}; import fewer"
            raise Failure(FailureType.TOO_LARGE, said)
        current = await book.change(exam_id, current.version, lambda exam: _with(exam, reading, target))
    return Imported(
        exam_id=exam_id,
        version=current.version,
        section_id=target.section_id or target.new_section_id,
        question_ids=[question.question_id for question in reading.questions],
        warnings=[_shown(problem) for problem in reading.warnings],
    )


def _with(exam: Exam, reading: Reading, target: Target) -> Exam:
    if target.section_id is None:
        new = Section(section_id=target.new_section_id, title=target.title, questions=reading.questions)
        return exam.model_copy(update={"sections": (*exam.sections, new)})
    sections = tuple(
        section.model_copy(update={"questions": (*section.questions, *reading.questions)})
        if section.section_id == target.section_id
        else section
        for section in exam.sections
    )
    if sections == exam.sections:
        said = "this exam has no such section; choose one of its sections, or none for a new one"
        raise Failure(FailureType.NOT_FOUND, said, field="/section_id")
    return exam.model_copy(update={"sections": sections})


def _shown(problem: Problem) -> GiftProblem:
    return GiftProblem(**problem.model_dump())
