"""An attempt's report as it stands in the archive."""

from uuid import UUID

from fastapi import APIRouter, Response

from activities.adapters.sql.exam_catalog import SqlExamCatalog
from api.access.act import record_key_seen
from api.analytics.access import gone, readable_attempt
from api.context import Context, ContextOf
from api.security import SignedIn
from api.sitting.disclosure import Sat, right_answers
from api.token import CurrentPerson
from schema.archive import report_without_answers
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.outcome import Release
from schema.role import Role
from schema.sitting.disclosure import Disclosure

READERS = frozenset({Role.REVIEWER, Role.ADMIN})

router = APIRouter()


@router.get(
    "/attempts/{attempt_id}/report",
    summary="The attempt's report as PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def download_report(attempt_id: UUID, me: SignedIn, context: ContextOf) -> Response:
    """For reviewers and admins, and for its student once the result is released.

    While its student must not read right answers, it is the report without the marks of each question.
    """
    attempt = await readable_attempt(attempt_id, me, context, READERS)
    if attempt.release == Release.PURGED:
        raise gone(attempt_id)
    if not attempt.report_name:
        what = "this attempt has no report yet; it is written when the attempt is over"
        raise Failure(FailureType.NOT_FOUND, what)
    if attempt.student_id != me.person_id:  # theirs has the right answers in it
        await record_key_seen(context, me, attempt.exam_id, attempt.exam_version, attempt_id)
    document = await context.store.get(await _name_for(me, attempt, context))
    headers = {
        "Content-Disposition": f'attachment; filename="report-{attempt_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(document, media_type="application/pdf", headers=headers)


async def _name_for(me: CurrentPerson, attempt: AttemptRow, context: Context) -> str:
    """Which of the two reports. Raises ILLEGAL_MOVE where it was written before there were two."""
    if attempt.student_id != me.person_id:
        return attempt.report_name
    catalog = SqlExamCatalog(context.databases.reservations)
    exam = await catalog.exam(attempt.exam_id, attempt.exam_version)
    sat = Sat(attempt.attempt_id, attempt.student_id, attempt.exam_id)
    shown, _ = await right_answers(context, sat, exam)
    if shown is Disclosure.SHOWN:
        return attempt.report_name
    name = report_without_answers(attempt.report_name)
    if await context.store.stat(name) is None:
        what = f"the report of “{exam.title}” shows right answers, which are not shown to you now; read the result"
        raise Failure(FailureType.ILLEGAL_MOVE, what)
    return name
