"""Operations on many attempts and their acknowledgements, over `_reservations`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from schema.cohort import (
    Acknowledged,
    Acknowledgement,
    AttemptBatch,
    CohortVerb,
    NextAttempts,
    Operation,
    Unfinished,
)
from schema.db.session import Database
from schema.db.tables.reservations import OperationAttempt, OperationRow
from schema.exam import CheckInStep
from schema.failures import Failure, FailureType
from schema.lifecycle import Actor
from schema.machine import ActorRole

OPEN_ANSWERS = frozenset({Acknowledgement.WAITING, Acknowledgement.UNANSWERED})


class SqlOperationBook:
    """Implements OperationBook."""

    def __init__(self, reservations: Database, now: Now = utc_now) -> None:
        self._reservations = reservations
        self._now = now

    async def open(self, operation: Operation, attempt_ids: Sequence[UUID]) -> None:
        """Write it once, with its attempts waiting."""

        async def work(session: AsyncSession) -> None:
            if await session.get(OperationRow, operation.operation_id) is None:
                session.add(
                    OperationRow(**_columns(operation), total=len(attempt_ids), created_at=self._now())
                )
                await session.flush()
                await session.execute(insert(OperationAttempt), _waiting(operation.operation_id, attempt_ids))

        await self._reservations.run(work)

    async def operation(self, operation_id: UUID) -> Operation:
        """What was asked. Raises NOT_FOUND."""
        async with self._reservations.read() as session:
            row = await session.get(OperationRow, operation_id)
        if row is None:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such operation; go back and choose it again",
                operation_id=operation_id,
            )
        return operation_of(row)

    async def next_attempts(self, request: NextAttempts) -> AttemptBatch:
        """The attempts after a number, in order."""
        row = OperationAttempt
        asked = select(row).where(row.operation_id == request.operation_id, row.number > request.after)
        async with self._reservations.read() as session:
            found = list(await session.scalars(asked.order_by(row.number).limit(request.limit)))
        last = found[-1].number if found else request.after
        return AttemptBatch(attempt_ids=tuple(one.attempt_id for one in found), last=last)

    async def acknowledgement(self, operation_id: UUID, attempt_id: UUID) -> Acknowledged | None:
        """How an attempt stands."""
        async with self._reservations.read() as session:
            row = await session.scalar(_one(operation_id, attempt_id))
        return None if row is None else _answer_of(row)

    async def acknowledge(self, answer: Acknowledged) -> None:
        """Write the first answer."""

        async def work(session: AsyncSession) -> None:
            row = await session.scalar(_one(answer.operation_id, answer.attempt_id).with_for_update())
            if row is not None and Acknowledgement(row.state) in OPEN_ANSWERS:
                row.state, row.type, row.why = answer.state.value, answer.type, answer.why
                row.at = self._now()

        await self._reservations.run(work)

    async def finish(self, operation_id: UUID) -> None:
        """The first time stays."""

        async def work(session: AsyncSession) -> None:
            row = await session.get(OperationRow, operation_id, with_for_update=True)
            if row is not None:
                row.finished_at = row.finished_at or self._now()

        await self._reservations.run(work)

    async def unfinished(self, before: datetime, limit: int) -> Sequence[Unfinished]:
        """Those asked until `before` that are not over, oldest first."""
        row, one = OperationRow, OperationAttempt
        answered = (one.operation_id == row.operation_id, one.state != Acknowledgement.WAITING.value)
        asked = select(row, exists().where(*answered)).where(
            row.finished_at.is_(None), row.created_at <= before
        )
        async with self._reservations.read() as session:
            found = await session.execute(asked.order_by(row.created_at, row.operation_id).limit(limit))
            return [_unfinished_of(operation, is_begun) for operation, is_begun in found]

    async def give_up(self, operation_id: UUID, state: Acknowledgement, kind: str, why: str) -> None:
        """Answer for those who still wait, and end it."""
        asked, now = OperationAttempt, self._now()
        waits = (asked.operation_id == operation_id, asked.state == Acknowledgement.WAITING.value)
        answer = {"state": state.value, "type": kind, "why": why, "at": now}

        async def work(session: AsyncSession) -> None:
            row = await session.get(OperationRow, operation_id, with_for_update=True)
            if row is not None and row.finished_at is None:
                await session.execute(update(asked).where(*waits).values(answer))
                row.finished_at = now

        await self._reservations.run(work)


def operation_of(row: OperationRow) -> Operation:
    """The row as the message it was written from."""
    by, step = row.details.get("by"), row.details.get("step")
    return Operation(
        operation_id=row.operation_id,
        organisation_id=row.organisation_id,
        exam_id=row.exam_id,
        verb=CohortVerb(row.verb),
        actor=Actor(role=ActorRole(row.actor_role), person_id=row.actor_id),
        by=None if by is None else timedelta(seconds=by),
        step=CheckInStep(step) if step else None,
        reason=row.reason,
    )


def _unfinished_of(row: OperationRow, is_begun: bool) -> Unfinished:
    return Unfinished(
        is_begun=is_begun,
        operation_id=row.operation_id,
        exam_id=row.exam_id,
        verb=CohortVerb(row.verb),
        total=row.total,
        created_at=row.created_at,
    )


def _columns(operation: Operation) -> dict[str, Any]:
    by = operation.by
    return {
        "operation_id": operation.operation_id,
        "organisation_id": operation.organisation_id,
        "exam_id": operation.exam_id,
        "verb": operation.verb.value,
        "actor_role": operation.actor.role.value,
        "actor_id": operation.actor.person_id,
        "details": {"by": by.total_seconds() if by else None, "step": operation.step},
        "reason": operation.reason,
    }


def _waiting(operation_id: UUID, attempt_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    shared = {"operation_id": operation_id, "state": Acknowledgement.WAITING.value, "type": "", "why": ""}
    return [
        {**shared, "number": number, "attempt_id": attempt_id}
        for number, attempt_id in enumerate(attempt_ids, 1)
    ]


def _one(operation_id: UUID, attempt_id: UUID) -> Select[OperationAttempt]:
    row = OperationAttempt
    return select(row).where(row.operation_id == operation_id, row.attempt_id == attempt_id)


def _answer_of(row: OperationAttempt) -> Acknowledged:
    return Acknowledged(
        operation_id=row.operation_id,
        attempt_id=row.attempt_id,
        state=Acknowledgement(row.state),
        type=row.type,
        why=row.why,
    )
