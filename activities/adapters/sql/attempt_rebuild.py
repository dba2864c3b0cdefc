"""The snapshot that an attempt of an older release lacks, put together from its rows, moves, marks and reviews."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from schema.aftermath.state import Aftermath
from schema.attempt import Phase
from schema.clock import ExamClock
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.corrections import MarkingRound, ReviewRow
from schema.db.tables.reservations import (
    AppealRow,
    AttemptMove,
    AttemptRow,
    AttemptSnapshot,
    ExamVersion,
    SlotRow,
)
from schema.exam import CheckInStep, Exam, ExamPolicy
from schema.given.time import TimeGiven
from schema.ids import grading_workflow_id, monitoring_workflow_id, review_workflow_id
from schema.lifecycle import AttemptInput, AttemptState, SlotWindow
from schema.outcome import Integrity, Marking, Release
from schema.review import ReviewKind
from schema.version import RULES_VERSION

STANDING = frozenset({Phase.PAUSED, Phase.TERMINATED})


class SqlAttemptRebuilder:
    """Implements AttemptRebuilder over `_reservations` and `_corrections`."""

    def __init__(self, reservations: Database, corrections: Database, now: Now = utc_now) -> None:
        self._reservations = reservations
        self._corrections = corrections
        self._now = now

    async def rebuild(self, attempt_id: UUID) -> bool:
        """Write the snapshot once."""
        marked = await self._marked(attempt_id)

        async def work(session: AsyncSession) -> bool:
            attempt = await _attempt(session, attempt_id, marked)
            if attempt is None or attempt.resumed is None:
                return False
            snapshot = AttemptSnapshot(attempt_id=attempt_id, generation=0, version=attempt.resumed.version)
            snapshot.content, snapshot.updated_at = attempt.model_dump(mode="json"), self._now()
            await insert_once(session, snapshot)
            return True

        return await self._reservations.run(work)

    async def _marked(self, attempt_id: UUID) -> dict[str, Any]:
        """Rounds and reviews, as the state holds them."""
        rounds = select(MarkingRound.round_number).where(MarkingRound.attempt_id == attempt_id)
        reviews = select(ReviewRow).where(ReviewRow.attempt_id == attempt_id).order_by(ReviewRow.opened_at)
        async with self._corrections.read() as session:
            numbers, opened = list(await session.scalars(rounds)), list(await session.scalars(reviews))
        inquiries = [review for review in opened if review.kind == ReviewKind.INTEGRITY]
        last = max(numbers, default=1)
        children = (
            [grading_workflow_id(attempt_id, number) for number in range(1, last + 1)] if numbers else []
        )
        return {
            "round_number": last,
            "integrity_round": max((review.round_number for review in inquiries), default=1),
            "first_reviewer": next((one.decided_by for one in inquiries if one.decided_by is not None), None),
            "children": (*children, *(review_workflow_id(review.review_id) for review in opened)),
        }


async def _attempt(session: AsyncSession, attempt_id: UUID, marked: Mapping[str, Any]) -> AttemptInput | None:
    row = await session.get(AttemptRow, attempt_id)
    if row is None:
        return None
    slot = await session.get_one(SlotRow, row.slot_id)
    version = await session.get_one(ExamVersion, (row.exam_id, row.exam_version))
    of_attempt = select(AttemptMove).where(AttemptMove.attempt_id == attempt_id).order_by(AttemptMove.version)
    moves = list(await session.scalars(of_attempt))
    asked = select(AppealRow).where(AppealRow.attempt_id == attempt_id).order_by(AppealRow.created_at)
    appeals = [appeal.appeal_id for appeal in await session.scalars(asked)]
    policy = Exam.model_validate(version.content).policy
    window = SlotWindow(slot_id=slot.slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
    state = _state(row, policy, window, moves, appeals).model_copy(update=dict(marked))
    if row.started_at is not None:
        state.children = (monitoring_workflow_id(attempt_id), *state.children)
    return AttemptInput(
        attempt_id=attempt_id,
        organisation_id=row.organisation_id,
        exam_id=row.exam_id,
        exam_version=row.exam_version,
        student_id=row.student_id,
        cohort_id=row.cohort_id,
        slot=window,
        policy=policy,
        seed=row.seed,
        rules_version=RULES_VERSION,
        model_version="",
        resumed=state,
    )


def _state(
    row: AttemptRow,
    policy: ExamPolicy,
    slot: SlotWindow,
    moves: Sequence[AttemptMove],
    appeals: list[UUID],
) -> AttemptState:
    entered = {move.target: move.at for move in moves if move.machine == "attempt"}  # the last time
    phase, release, checks = Phase(row.phase), Release(row.release), dict(row.checks_done)
    stopped = entered.get(phase, row.updated_at) if phase in STANDING else None
    return AttemptState(
        phase=phase,
        marking=Marking(row.marking),
        integrity=Integrity(row.integrity),
        release=release,
        version=row.version,
        slot=slot,
        clock=_clock(row, policy, slot, stopped),
        hold_until=row.hold_until,
        reserved_at=entered.get(Phase.RESERVED),
        checks_done=tuple(CheckInStep(step) for step in checks.get("steps", ())),
        identity_photo=row.identity_photo,
        send_back_reason=checks.get("send_back_reason", ""),
        awaiting_since=entered.get(Phase.AWAITING_ADMISSION),
        admission_escalated=row.admission_escalated,
        stopped_since=stopped,
        student_is_back=row.student_is_back,
        may_resume=row.may_resume,
        submitted_at=row.submitted_at,
        released_at=row.released_at or _released_at(moves),
        risk=row.risk,
        report_name=row.report_name,
        appeals=len(appeals),
        appeal_id=appeals[-1] if appeals else None,
        heard=len(appeals) - (release is Release.APPEALED),
        given=TimeGiven.model_validate(row.given) if row.given else None,
        after=Aftermath.model_validate(row.after) if row.after else Aftermath(),
    )


def _released_at(moves: Sequence[AttemptMove]) -> datetime | None:
    """When the student could see the result last, as the moves tell."""
    shown = [move.at for move in moves if move.machine == "release" and move.target == Release.RELEASED]
    return shown[-1] if shown else None


def _clock(row: AttemptRow, policy: ExamPolicy, slot: SlotWindow, stopped: datetime | None) -> ExamClock:
    """Of a row that has none, so that the deadline is the one that the student was shown."""
    if row.clock is not None:
        return ExamClock.model_validate(row.clock)
    allowed: timedelta = policy.duration
    if row.started_at is not None and row.deadline_at is not None:
        allowed = row.deadline_at - row.started_at
    return ExamClock(
        allowed=allowed,
        cap=slot.ends_at if policy.cap_at_slot_end else None,
        started_at=row.started_at,
        stopped_at=stopped if row.started_at is not None else None,
        version=row.clock_version,
    )
