"""What people decided about an attempt as a whole, for its student: integrity with its reason, and appeals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from api.context import Context
from api.corrections.result_view import AppealResult
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.reservations import AppealRow, AttemptMove
from schema.exam import Exam
from schema.outcome import Integrity, Release
from schema.review import ReviewKind

SETTLED = frozenset({Integrity.CLEARED, Integrity.UPHELD})


async def integrity_reason(context: Context, attempt_id: UUID, integrity: Integrity) -> str:
    """Why the last reviewer cleared or upheld; empty while nothing is settled."""
    if integrity not in SETTLED:
        return ""
    decided = [row for row in await _reviews(context, attempt_id, ReviewKind.INTEGRITY) if row.verdict]
    return _reason(max(decided, key=lambda row: row.decided_at or row.opened_at)) if decided else ""


async def appeals_of(context: Context, attempt_id: UUID) -> list[AppealResult]:
    """Each appeal with its outcome, oldest first."""
    texts = select(AppealRow).where(AppealRow.attempt_id == attempt_id).order_by(AppealRow.created_at)
    async with context.databases.reservations.read() as session:
        written = list(await session.scalars(texts))
    found = []
    for review in await _reviews(context, attempt_id, ReviewKind.APPEAL):
        before = [row for row in written if row.created_at <= review.opened_at]
        appeal = AppealResult(
            text=before[-1].text if before else "",
            opened_at=review.opened_at,
            outcome=review.outcome,
            reason=_reason(review),
            decided_at=review.decided_at,
        )
        found.append(appeal)
    return found


async def appeal_until(context: Context, attempt_id: UUID, release: Release, exam: Exam) -> datetime | None:
    """Until when the student may appeal; None where they may not."""
    if release is not Release.RELEASED:
        return None
    released = (
        select(AttemptMove.at)
        .where(AttemptMove.attempt_id == attempt_id, AttemptMove.machine == "release")
        .where(AttemptMove.target == Release.RELEASED.value)
        .order_by(AttemptMove.version.desc())
        .limit(1)
    )
    async with context.databases.reservations.read() as session:
        at = await session.scalar(released)
    return None if at is None else at + exam.policy.appeal_window


async def _reviews(context: Context, attempt_id: UUID, kind: ReviewKind) -> list[ReviewRow]:
    rows = select(ReviewRow).where(ReviewRow.attempt_id == attempt_id, ReviewRow.kind == kind.value)
    async with context.databases.corrections.read() as session:
        return list(await session.scalars(rows.order_by(ReviewRow.opened_at)))


def _reason(row: ReviewRow) -> str:
    return str((row.verdict or {}).get("reason", ""))
