"""Answers over `_corrections`: each is one transaction that is conditional on the attempt's window."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import answer_of, counted_row, late_row, window_of
from schema.aftermath.late import AcceptedLate
from schema.aftermath.meant import is_meant
from schema.db.session import Database
from schema.db.tables.corrections import AnswerRow, AnswerWindow, LateAnswerRow
from schema.failures import Failure, FailureType
from schema.fence import check_after, check_epoch, check_room, end_of, judge
from schema.grading import Answer, AnswerStanding


class SqlAnswerBook:
    """Implements AnswerBook."""

    def __init__(self, corrections: Database) -> None:
        self._corrections = corrections

    async def begin_epoch(self, attempt_id: UUID, after: int | None = None) -> int:
        """Let a device answer from now on; its epoch is above all that were given before."""

        async def work(session: AsyncSession) -> int:
            window = await _locked(session, attempt_id)
            check_after(after, window.epoch)
            window.epoch += 1
            return window.epoch

        return await self._corrections.run(work)

    async def save(self, answer: Answer, max_seconds: int = 0, *, is_shown: bool = False) -> Answer:
        """Store one revision, or find it stored; returns it with its standing.

        The window's row is locked first and written with the answer, so an answer is either before the closing or
        judged by it, whichever nodes of a cluster the two come to. Time since
        the attempt's last answer, at most `max_seconds`, is added to what the question took.
        Raises DEADLINE_PASSED, NOT_FOUND, ILLEGAL_MOVE, INVALID.
        """

        async def work(session: AsyncSession) -> Answer:
            window = await _locked(session, answer.attempt_id)
            check_epoch(answer, window.epoch)
            counted = await session.get(AnswerRow, (answer.attempt_id, answer.question_id))
            if counted is not None and (counted.epoch, counted.revision) >= (answer.epoch, answer.revision):
                return answer_of(counted)
            standing = judge(window_of(window), answer, is_sealed=window.is_sealed)
            judged = answer.model_copy(update={"standing": standing})
            window.answers_judged += 1
            if standing is AnswerStanding.LATE:
                return await _keep_late(session, window, judged, is_shown=is_shown)
            await _forget_late(session, judged)
            seconds = await _seconds(session, window, judged, counted, max_seconds)
            await session.merge(counted_row(judged, seconds))
            return judged

        return await self._corrections.run(work)

    async def snapshot(self, attempt_id: UUID) -> Sequence[Answer]:
        """All counted answers, accepted late ones included, one per question; the newest revision wins.

        Of a closed window it is final: from now on nothing counts unless a person accepts it.
        """
        counted = select(AnswerRow).where(AnswerRow.attempt_id == attempt_id)
        accepted = select(LateAnswerRow).where(
            LateAnswerRow.attempt_id == attempt_id, LateAnswerRow.accepted_at.is_not(None)
        )

        async def work(session: AsyncSession) -> Sequence[AnswerRow | LateAnswerRow]:
            window = await session.get(AnswerWindow, attempt_id, with_for_update=True)
            if window is not None and not window.is_open:
                window.is_sealed = True
            return [*await session.scalars(counted), *await session.scalars(accepted)]

        rows = await self._corrections.run(work)
        newest = {row.question_id: row for row in sorted(rows, key=lambda row: (row.epoch, row.revision))}
        return [answer_of(newest[question_id]) for question_id in sorted(newest)]

    async def accept(self, accepted: AcceptedLate) -> int:
        """Let late answers count in the next snapshot; how many are accepted for this reason by now."""
        row = LateAnswerRow

        async def work(session: AsyncSession) -> int:
            late = select(row).where(row.attempt_id == accepted.attempt_id).with_for_update()
            meant = [
                it for it in await session.scalars(late) if is_meant(accepted, answer_of(it), it.ended_at)
            ]
            for it in meant:
                if it.accepted_at is None:
                    it.accepted_by, it.accepted_at, it.accepted_reason = (
                        accepted.by,
                        accepted.at,
                        accepted.reason,
                    )
            return sum(it.accepted_at == accepted.at for it in meant)

        return await self._corrections.run(work)


async def _locked(session: AsyncSession, attempt_id: UUID) -> AnswerWindow:
    window = await session.get(AnswerWindow, attempt_id, with_for_update=True)
    if window is None:
        raise Failure(FailureType.NOT_FOUND, "this attempt takes no answers; start it first")
    return window


async def _keep_late(
    session: AsyncSession, window: AnswerWindow, judged: Answer, *, is_shown: bool
) -> Answer:
    key = (judged.attempt_id, judged.question_id, judged.epoch, judged.revision)
    known = await session.get(LateAnswerRow, key)
    if known is not None:
        return answer_of(known)
    row = LateAnswerRow
    of_question = select(func.count()).where(
        row.attempt_id == judged.attempt_id, row.question_id == judged.question_id
    )
    as_projected = window_of(window)
    check_room(judged, as_projected, await session.scalar(of_question) or 0, is_shown=is_shown)
    session.add(late_row(judged, end_of(as_projected)))
    return judged


async def _forget_late(session: AsyncSession, judged: Answer) -> None:
    """A revision that was late and is sent again once the exam has gone on counts like any other."""
    key = (judged.attempt_id, judged.question_id, judged.epoch, judged.revision)
    if (known := await session.get(LateAnswerRow, key)) is not None:
        await session.delete(known)


async def _seconds(
    session: AsyncSession, window: AnswerWindow, answer: Answer, before: AnswerRow | None, at_most: int
) -> int:
    """By arrival: what a device says only makes it less."""
    spent = 0 if before is None else before.seconds
    if not at_most:
        return spent
    of_attempt = select(func.max(AnswerRow.received_at)).where(AnswerRow.attempt_id == answer.attempt_id)
    since = await session.scalar(of_attempt) or window.started_at or answer.received_at
    passed = int((answer.received_at - since).total_seconds())
    return spent + min(max(passed, 0), at_most)
