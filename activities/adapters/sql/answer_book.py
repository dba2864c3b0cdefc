"""Answers over `_corrections`: each is one transaction that is conditional on the attempt's window."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import answer_of, counted_row, late_row, window_of
from schema.db.session import Database
from schema.db.tables.corrections import AnswerRow, AnswerWindow, LateAnswerRow
from schema.failures import Failure, FailureType
from schema.fence import judge, written_at
from schema.grading import Answer, AnswerStanding


class SqlAnswerBook:
    """Implements AnswerBook."""

    def __init__(self, corrections: Database) -> None:
        self._corrections = corrections

    async def save(self, answer: Answer, max_seconds: int = 0) -> Answer:
        """Store one revision, or find it stored; returns it with its standing.

        The window's row is locked first and written with the answer, so an answer is either before the closing or
        judged by it, whichever nodes of a cluster the two come to. Time since
        the attempt's last answer, at most `max_seconds`, is added to what the question took.
        Raises DEADLINE_PASSED, NOT_FOUND, ILLEGAL_MOVE.
        """

        async def work(session: AsyncSession) -> Answer:
            window = await session.get(AnswerWindow, answer.attempt_id, with_for_update=True)
            if window is None:
                raise Failure(
                    FailureType.NOT_FOUND, f"attempt {answer.attempt_id} takes no answers; start it first"
                )
            known = await _known(session, answer)
            if known is not None:
                return known
            judged = answer.model_copy(update={"standing": judge(window_of(window), answer)})
            window.answers_judged += 1
            if judged.standing is AnswerStanding.LATE:
                session.add(late_row(judged))
            else:
                seconds = await _seconds(session, window, answer, max_seconds)
                await session.merge(counted_row(judged, seconds))
            return judged

        return await self._corrections.run(work)

    async def snapshot(self, attempt_id: UUID) -> Sequence[Answer]:
        """All counted answers, accepted late ones included, one per question; the newest revision wins."""
        counted = select(AnswerRow).where(AnswerRow.attempt_id == attempt_id)
        accepted = select(LateAnswerRow).where(
            LateAnswerRow.attempt_id == attempt_id, LateAnswerRow.accepted_at.is_not(None)
        )
        async with self._corrections.read() as session:
            rows = [*await session.scalars(counted), *await session.scalars(accepted)]
        newest = {row.question_id: row for row in sorted(rows, key=lambda row: (row.epoch, row.revision))}
        return [answer_of(newest[question_id]) for question_id in sorted(newest)]


async def _known(session: AsyncSession, answer: Answer) -> Answer | None:
    """What is stored instead: a newer or the same counted revision, or the same late one."""
    counted = await session.get(AnswerRow, (answer.attempt_id, answer.question_id))
    if counted is not None and (counted.epoch, counted.revision) >= (answer.epoch, answer.revision):
        return answer_of(counted)
    key = (answer.attempt_id, answer.question_id, answer.epoch, answer.revision)
    late = await session.get(LateAnswerRow, key)
    return None if late is None else answer_of(late)


async def _seconds(session: AsyncSession, window: AnswerWindow, answer: Answer, at_most: int) -> int:
    before = await session.get(AnswerRow, (answer.attempt_id, answer.question_id))
    spent = 0 if before is None else before.seconds
    if not at_most:
        return spent
    of_attempt = select(func.max(AnswerRow.answered_at)).where(AnswerRow.attempt_id == answer.attempt_id)
    since = await session.scalar(of_attempt) or window.started_at or answer.received_at
    passed = int((written_at(answer) - since).total_seconds())
    return spent + min(max(passed, 0), at_most)
