"""The in-memory twin of the OperationBook."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from activities.adapters.now import Now, utc_now
from schema.cohort import (
    Acknowledged,
    Acknowledgement,
    AttemptBatch,
    NextAttempts,
    Operation,
    Unfinished,
)
from schema.failures import Failure, FailureType


class MemoryOperationBook:
    """Implements OperationBook; `finished` holds the operations whose attempts were all asked."""

    def __init__(self, now: Now = utc_now) -> None:
        self._now = now
        self._operations: dict[UUID, Operation] = {}
        self._answers: dict[UUID, dict[UUID, Acknowledged]] = {}
        self._asked_at: dict[UUID, datetime] = {}
        self.finished: set[UUID] = set()

    async def open(self, operation: Operation, attempt_ids: Sequence[UUID]) -> None:
        """Keep it once, with its attempts waiting."""
        if operation.operation_id not in self._operations:
            self._operations[operation.operation_id] = operation
            self._asked_at[operation.operation_id] = self._now()
            self._answers[operation.operation_id] = {
                attempt_id: Acknowledged(
                    operation_id=operation.operation_id,
                    attempt_id=attempt_id,
                    state=Acknowledgement.WAITING,
                )
                for attempt_id in attempt_ids
            }

    async def operation(self, operation_id: UUID) -> Operation:
        """What was asked. Raises NOT_FOUND."""
        if operation_id not in self._operations:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such operation; go back and choose it again",
                operation_id=operation_id,
            )
        return self._operations[operation_id]

    async def next_attempts(self, request: NextAttempts) -> AttemptBatch:
        """The attempts after a number, in order."""
        every = list(self._answers.get(request.operation_id, {}))
        some = every[request.after : request.after + request.limit]
        return AttemptBatch(attempt_ids=tuple(some), last=request.after + len(some))

    async def acknowledgement(self, operation_id: UUID, attempt_id: UUID) -> Acknowledged | None:
        """How an attempt stands."""
        return self._answers.get(operation_id, {}).get(attempt_id)

    async def acknowledge(self, answer: Acknowledged) -> None:
        """Keep the first answer."""
        answers = self._answers.get(answer.operation_id, {})
        known = answers.get(answer.attempt_id)
        if known and known.state in {Acknowledgement.WAITING, Acknowledgement.UNANSWERED}:
            answers[answer.attempt_id] = answer

    async def finish(self, operation_id: UUID) -> None:
        """Remember that all were asked."""
        self.finished.add(operation_id)

    async def unfinished(self, before: datetime, limit: int) -> Sequence[Unfinished]:
        """Those asked until `before` that are not over, oldest first."""
        asked = sorted(self._asked_at.items(), key=lambda item: (item[1], item[0]))
        found = [self._unfinished(one) for one, at in asked if at <= before and one not in self.finished]
        return found[:limit]

    async def give_up(self, operation_id: UUID, state: Acknowledgement, kind: str, why: str) -> None:
        """Answer for those who still wait."""
        if operation_id in self.finished:
            return
        for attempt_id, known in self._answers.get(operation_id, {}).items():
            if known.state is Acknowledgement.WAITING:
                given = known.model_copy(update={"state": state, "type": kind, "why": why})
                self._answers[operation_id][attempt_id] = given
        await self.finish(operation_id)

    def _unfinished(self, operation_id: UUID) -> Unfinished:
        operation = self._operations[operation_id]
        answers = self._answers[operation_id].values()
        return Unfinished(
            is_begun=any(answer.state is not Acknowledgement.WAITING for answer in answers),
            operation_id=operation_id,
            exam_id=operation.exam_id,
            verb=operation.verb,
            total=len(self._answers[operation_id]),
            created_at=self._asked_at[operation_id],
        )
