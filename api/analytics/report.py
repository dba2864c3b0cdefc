"""An attempt's report as it stands in the archive."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.analytics.access import gone, readable_attempt
from api.context import ContextOf
from api.security import SignedIn
from schema.failures import Failure, FailureType
from schema.outcome import Release
from schema.role import Role

READERS = frozenset({Role.REVIEWER, Role.ADMIN})

router = APIRouter()


@router.get(
    "/attempts/{attempt_id}/report",
    summary="The attempt's report as PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def download_report(attempt_id: UUID, me: SignedIn, context: ContextOf) -> Response:
    """For reviewers and admins, and for its student once the result is released."""
    attempt = await readable_attempt(attempt_id, me, context, READERS)
    if attempt.release == Release.PURGED:
        raise gone(attempt_id)
    if not attempt.report_name:
        what = f"attempt {attempt_id} has no report yet; it is written when the attempt is over"
        raise Failure(FailureType.NOT_FOUND, what)
    document = await context.store.get(attempt.report_name)
    headers = {
        "Content-Disposition": f'attachment; filename="report-{attempt_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(document, media_type="application/pdf", headers=headers)
