"""The read model of reviews over `_corrections`, with the events that ask for a decision and tell of it."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from schema.db.outbox import CORRECTIONS, publish
from schema.db.session import Database
from schema.db.tables.corrections import AnswerWindow, ReviewRow
from schema.failures import Failure, FailureType
from schema.publication import Subject, outcome_of, told_by_review
from schema.review import ReviewState
from schema.ruling import knows_better

_SHARED = (
    "stage", "opened_at", "remind_at", "escalate_at", "reminded", "escalated", "assignee_id", "decided_by",
    "decided_at", "verdict", "version",
)  # fmt: skip


class SqlReviewBook:
    """Implements ReviewBook."""

    def __init__(self, corrections: Database, now: Now = utc_now) -> None:
        self._corrections = corrections
        self._now = now

    async def project(self, state: ReviewState) -> ReviewState | None:
        """Write the row, each event once; or return the row's state where that knows better. Raises NOT_FOUND."""

        async def work(session: AsyncSession) -> ReviewState | None:
            subject = await _subject(session, state.review.attempt_id)
            row = await session.get(ReviewRow, state.review.review_id, with_for_update=True)
            known = None if row is None else _state_of(row, state)
            if known is not None and knows_better(known, state):
                return known
            await session.merge(ReviewRow(**_columns(state)))
            told = told_by_review(state, is_new=row is None)
            await publish(session, CORRECTIONS, subject, told, self._now())
            return None

        return await self._corrections.run(work)


async def _subject(session: AsyncSession, attempt_id: UUID) -> Subject:
    """A review names no student: the attempt's window does."""
    window = await session.get(AnswerWindow, attempt_id)
    if window is None:
        raise Failure(
            FailureType.NOT_FOUND,
            "this attempt never took answers; project its window first",
            attempt_id=attempt_id,
        )
    return Subject(window.organisation_id, attempt_id, window.exam_id, window.student_id, window.cohort_id)


def _state_of(row: ReviewRow, asked: ReviewState) -> ReviewState:
    """As its workflow wrote it last; a row of an older worker is read column by column."""
    if row.state is not None:
        return ReviewState.model_validate(row.state)
    facts = {name: getattr(row, name) for name in _SHARED}
    return ReviewState.model_validate({**facts, "review": asked.review})


def _columns(state: ReviewState) -> dict[str, Any]:
    review = state.review
    return {
        "review_id": review.review_id,
        "attempt_id": review.attempt_id,
        "exam_id": review.exam_id,
        "organisation_id": review.organisation_id,
        "kind": review.kind.value,
        "subject": review.subject,
        "round_number": review.round_number,
        "stage": state.stage.value,
        "excluded": [str(person) for person in review.excluded],
        "opened_at": state.opened_at,
        "remind_at": state.remind_at,
        "escalate_at": state.escalate_at,
        "reminded": state.reminded,
        "escalated": state.escalated,
        "assignee_id": state.assignee_id,
        "decided_by": state.decided_by,
        "decided_at": state.decided_at,
        "outcome": outcome_of(state),
        "verdict": None if state.verdict is None else state.verdict.model_dump(mode="json"),
        "version": state.version,
        "state": state.model_dump(mode="json"),
    }
