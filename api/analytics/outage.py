"""What outages of the platform took from the attempts of an exam, and what each was given back."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from activities.adapters.results import csv_of
from api.analytics.access import readable_exam
from api.context import Context, ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.outage import OwedTime
from schema.db.tables.reservations import AttemptRow
from schema.db.tables.users import Person
from schema.outage.owed import OwedState
from schema.role import Role

router = APIRouter()

STAFF = frozenset({Role.PROCTOR, Role.ADMIN})
Reader = Annotated[CurrentPerson, require(Role.AUTHOR, Role.PROCTOR, Role.ADMIN)]
COLUMNS = (
    "attempt_id", "student_id", "student", "began_at", "ended_at", "cause", "lost_seconds", "added_seconds", "state",
    "why_less", "decided_at", "is_wait",
)  # fmt: skip


class Silence(BaseModel):
    """A time in which the platform did not serve an attempt, in whole seconds of its clock or of a timer."""

    began_at: datetime
    ended_at: datetime
    cause: str = Field(
        examples=["process, database"], description="What was away, in the order in which it went"
    )
    lost_seconds: int
    added_seconds: int = Field(description="What the deadline, or the end of the wait, got for it")
    state: OwedState
    why_less: str = Field(description="Why less was added than was lost; empty where all was")
    decided_at: datetime | None
    is_wait: bool = Field(
        description="A timer lost it: of a hold, a no-show, a pause; not the clock of the exam"
    )


class AttemptLosses(BaseModel):
    """One attempt: who lost how much and got how much."""

    attempt_id: UUID
    student_id: UUID
    student: str
    lost_seconds: int
    added_seconds: int
    silences: list[Silence]


class ExamOutages(BaseModel):
    """All attempts that lost time; the sums are those of `attempts`, whose clocks ran.

    `waits` are the attempts that lost time outside their clock, before the start or in a pause.
    """

    exam_id: UUID
    lost_seconds: int
    added_seconds: int
    attempts: list[AttemptLosses]
    waits: list[AttemptLosses]


@router.get("/exams/{exam_id}/outages", summary="What outages took from an exam's attempts")
async def show_outages(exam_id: UUID, me: Reader, context: ContextOf) -> ExamOutages:
    """Who lost how much, who got how much, and why less. For the exam's author, proctors and admins."""
    await readable_exam(exam_id, me, context, STAFF)
    attempts, waits = await _attempts(context, exam_id)
    return ExamOutages(
        exam_id=exam_id,
        lost_seconds=sum(one.lost_seconds for one in attempts),
        added_seconds=sum(one.added_seconds for one in attempts),
        attempts=attempts,
        waits=waits,
    )


@router.get(
    "/exams/{exam_id}/outages.csv",
    summary="What outages took from an exam's attempts, as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def download_outages(exam_id: UUID, me: Reader, context: ContextOf) -> Response:
    """One line for each silence of each attempt."""
    await readable_exam(exam_id, me, context, STAFF)
    lines = [
        {**silence.model_dump(), "attempt_id": str(one.attempt_id), "student_id": str(one.student_id)}
        | {"student": one.student, "state": silence.state.value}
        for some in await _attempts(context, exam_id)
        for one in some
        for silence in one.silences
    ]
    document = await asyncio.to_thread(csv_of, COLUMNS, lines)
    headers = {
        "Content-Disposition": f'attachment; filename="outages-{exam_id}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(document, media_type="text/csv; charset=utf-8; header=present", headers=headers)


async def _attempts(context: Context, exam_id: UUID) -> tuple[list[AttemptLosses], list[AttemptLosses]]:
    """Those whose clocks lost time, and those whose timers did; an attempt may be among both."""
    query = (
        select(OwedTime, AttemptRow)
        .join(AttemptRow, AttemptRow.attempt_id == OwedTime.attempt_id)
        .where(OwedTime.exam_id == exam_id)
        .order_by(OwedTime.attempt_id, OwedTime.began_at)
    )
    rows: dict[bool, dict[UUID, list[OwedTime]]] = {False: {}, True: {}}
    attempts: dict[UUID, AttemptRow] = {}
    async with context.databases.reservations.read() as session:
        for row, attempt in await session.execute(query):
            rows[row.is_wait].setdefault(row.attempt_id, []).append(row)
            attempts[row.attempt_id] = attempt
    names = await _names(context, [one.student_id for one in attempts.values() if one.name_at_door is None])
    of_clock, of_timer = (
        [_losses(attempts[attempt_id], names, mine) for attempt_id, mine in rows[is_wait].items()]
        for is_wait in (False, True)
    )
    return of_clock, of_timer


def _losses(attempt: AttemptRow, names: Mapping[UUID, str], rows: Sequence[OwedTime]) -> AttemptLosses:
    silences = [
        Silence.model_validate({name: getattr(row, name) for name in Silence.model_fields}) for row in rows
    ]
    return AttemptLosses(
        attempt_id=attempt.attempt_id,
        student_id=attempt.student_id,
        student=attempt.name_at_door or names.get(attempt.student_id, ""),
        lost_seconds=sum(one.lost_seconds for one in silences),
        added_seconds=sum(one.added_seconds for one in silences),
        silences=silences,
    )


async def _names(context: Context, student_ids: Sequence[UUID]) -> dict[UUID, str]:
    async with context.databases.users.read() as session:
        people = await session.scalars(select(Person).where(Person.person_id.in_(student_ids)))
        return {person.person_id: person.display_name for person in people}
