"""An exam's results as one list."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from activities.adapters.results import exam_results
from activities.adapters.sql.exam_result import SqlExamResults
from api.analytics.access import own_exam
from api.context import ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.role import Role

router = APIRouter()

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]


@router.get(
    "/exams/{exam_id}/results.csv",
    summary="An exam's results as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def download_results(exam_id: UUID, me: Author, context: ContextOf) -> Response:
    """One line per attempt, exact decimals, for the exam's author and for admins; never their own."""
    await own_exam(exam_id, me, context)
    found = await SqlExamResults(context.databases).of_exam(exam_id)
    lines = [line for line in found if line.student_id != me.person_id]
    document = await asyncio.to_thread(exam_results, lines)
    headers = {
        "Content-Disposition": f'attachment; filename="results-{exam_id}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(document, media_type="text/csv; charset=utf-8; header=present", headers=headers)
