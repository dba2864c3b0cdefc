"""Rows of losses in `_reservations` from what is known of attempts, and back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.attempt import WAITING_PHASES, Phase
from schema.db.tables.outage import NodeStay, OwedTime
from schema.db.tables.reservations import AttemptMove, AttemptRow, AttemptSnapshot
from schema.lifecycle import AttemptInput, Step
from schema.outage.attempt import Lost, UnderWay, clock_moves, waits_of
from schema.outage.interval import Interval, Intervals
from schema.outage.owed import OwedState
from schema.outage.service import Cause, Stay
from schema.outage.task import Loss

OfAttempt = TypeVar("OfAttempt", AttemptMove, AttemptSnapshot, NodeStay, OwedTime)


async def under_way(session: AsyncSession, condition: ColumnElement[bool]) -> list[UnderWay]:
    """The attempts of a condition."""
    moves = await _by_attempt(session, AttemptMove, condition)
    stays = await _by_attempt(session, NodeStay, condition)
    recorded = await _by_attempt(session, OwedTime, condition)
    waiting = AttemptRow.phase.in_([phase.value for phase in WAITING_PHASES])
    snapshots = await _by_attempt(session, AttemptSnapshot, condition, waiting)
    return [
        UnderWay(
            attempt_id=row.attempt_id,
            exam_id=row.exam_id,
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.submitted_at,
            moves=clock_moves(moves.get(row.attempt_id, [])),
            stays=[Stay(stay.node_id, stay.since, stay.until) for stay in stays.get(row.attempt_id, [])],
            recorded=tuple(
                Interval(start=one.began_at, end=one.ended_at) for one in recorded.get(row.attempt_id, [])
            ),
            waits=_waits(row, snapshots.get(row.attempt_id, [])),
        )
        for row in await session.scalars(select(AttemptRow).where(condition))
    ]


def new_owed(attempt: UnderWay, loss: Lost, cause: str, now: datetime) -> OwedTime:
    """A loss that waits to be given back."""
    return OwedTime(
        attempt_id=attempt.attempt_id,
        began_at=loss.silence.start,
        ended_at=loss.silence.end,
        exam_id=attempt.exam_id,
        cause=cause or Cause.PROCESS.value,
        is_wait=loss.is_wait,
        state=OwedState.WAITING.value,
        lost_seconds=_seconds(loss.silence.length),
        recorded_at=now,
    )


def _waits(row: AttemptRow, snapshots: Sequence[AttemptSnapshot]) -> Intervals:
    for known in snapshots:
        return waits_of(Phase(row.phase), AttemptInput.model_validate(known.content))
    return ()


def loss_of(row: OwedTime) -> Loss:
    """The loss as the attempt's workflow is told of it."""
    silence = Interval(start=row.began_at, end=row.ended_at)
    return Loss(attempt_id=row.attempt_id, silence=silence, cause=row.cause, is_wait=row.is_wait)


async def write_returned(session: AsyncSession, attempt: AttemptRow, step: Step) -> None:
    """A move of the attempt has given time back: what it says is what counts."""
    returned = step.returned
    if returned is None:
        return
    row = await session.get(OwedTime, (attempt.attempt_id, returned.began_at))
    if row is None:  # a database that was brought back knows less than the workflow
        row = OwedTime(
            attempt_id=attempt.attempt_id,
            began_at=returned.began_at,
            ended_at=returned.began_at + returned.lost,
            exam_id=attempt.exam_id,
            cause=Cause.PROCESS.value,
            is_wait=returned.is_wait,
            recorded_at=step.at,
        )
        session.add(row)
    row.state, row.decided_at = OwedState.GIVEN.value, step.at
    row.lost_seconds, row.added_seconds = _seconds(returned.lost), _seconds(returned.added)
    row.why_less = returned.why_less


async def _by_attempt(
    session: AsyncSession, table: type[OfAttempt], *wanted: ColumnElement[bool]
) -> dict[UUID, list[OfAttempt]]:
    mine = select(AttemptRow.attempt_id).where(*wanted)
    found: dict[UUID, list[OfAttempt]] = {}
    for row in await session.scalars(select(table).where(table.attempt_id.in_(mine))):
        found.setdefault(row.attempt_id, []).append(row)
    return found


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())
