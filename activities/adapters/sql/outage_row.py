"""Rows of losses in `_reservations` from what is known of attempts, and back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.tables.outage import NodeStay, OwedTime
from schema.db.tables.reservations import AttemptMove, AttemptRow
from schema.lifecycle import Step
from schema.outage.attempt import GOING_ON, STOPPING, Sitting
from schema.outage.interval import Interval
from schema.outage.owed import OwedState
from schema.outage.service import Cause, Stay
from schema.outage.task import Loss

OfAttempt = TypeVar("OfAttempt", AttemptMove, NodeStay, OwedTime)


async def sittings_of(session: AsyncSession, condition: ColumnElement[bool]) -> list[Sitting]:
    """The attempts of a condition that have started."""
    wanted = (condition, AttemptRow.started_at.is_not(None))
    moves = await _by_attempt(session, AttemptMove, *wanted)
    stays = await _by_attempt(session, NodeStay, *wanted)
    recorded = await _by_attempt(session, OwedTime, *wanted)
    return [
        Sitting(
            attempt_id=row.attempt_id,
            exam_id=row.exam_id,
            started_at=row.started_at,
            ended_at=row.submitted_at,
            moves=[(move.verb, move.at) for move in _clock_moves(moves.get(row.attempt_id, []))],
            stays=[Stay(stay.node_id, stay.since, stay.until) for stay in stays.get(row.attempt_id, [])],
            recorded=tuple(
                Interval(start=one.began_at, end=one.ended_at) for one in recorded.get(row.attempt_id, [])
            ),
        )
        for row in await session.scalars(select(AttemptRow).where(*wanted))
        if row.started_at is not None
    ]


def new_owed(sitting: Sitting, loss: Interval, cause: str, now: datetime) -> OwedTime:
    """A loss that waits to be given back."""
    return OwedTime(
        attempt_id=sitting.attempt_id,
        began_at=loss.start,
        ended_at=loss.end,
        exam_id=sitting.exam_id,
        cause=cause or Cause.PROCESS.value,
        state=OwedState.WAITING.value,
        lost_seconds=_seconds(loss.length),
        recorded_at=now,
    )


def loss_of(row: OwedTime) -> Loss:
    """The loss as the attempt's workflow is told of it."""
    silence = Interval(start=row.began_at, end=row.ended_at)
    return Loss(attempt_id=row.attempt_id, silence=silence, cause=row.cause)


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


def _clock_moves(moves: Iterable[AttemptMove]) -> list[AttemptMove]:
    mine = [move for move in moves if move.machine == "attempt" and move.verb in STOPPING | GOING_ON]
    return sorted(mine, key=lambda move: move.version)


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())
