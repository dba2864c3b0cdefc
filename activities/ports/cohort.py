"""Acts on many attempts: the book of operations, and the way to an attempt's workflow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.cohort import (
    Acknowledged,
    Acknowledgement,
    AttemptBatch,
    CohortInput,
    NextAttempts,
    Operation,
    Standing,
    Unfinished,
)
from schema.lifecycle import AttemptView, Command


class OperationBook(Protocol):
    """Operations and their acknowledgements (schema `_reservations`)."""

    async def open(self, operation: Operation, attempt_ids: Sequence[UUID]) -> None:
        """Write the operation with its attempts, numbered from 1, all waiting. The same one again changes nothing."""

    async def operation(self, operation_id: UUID) -> Operation:
        """What was asked. Raises NOT_FOUND."""

    async def next_attempts(self, request: NextAttempts) -> AttemptBatch:
        """The attempts after a number, in order."""

    async def acknowledgement(self, operation_id: UUID, attempt_id: UUID) -> Acknowledged | None:
        """How an attempt stands; None when it is not one of them, or is purged."""

    async def acknowledge(self, answer: Acknowledged) -> None:
        """Write an attempt's answer; the first one stays, except that UNANSWERED gives way to an answer."""

    async def finish(self, operation_id: UUID) -> None:
        """Every attempt was asked; the first time stays."""

    async def unfinished(self, before: datetime, limit: int) -> Sequence[Unfinished]:
        """Those asked until `before` that are not over, oldest first."""

    async def give_up(self, operation_id: UUID, state: Acknowledgement, kind: str, why: str) -> None:
        """Who still waits gets this answer, and the operation is over; one that is over stays as it is."""


class CohortStarter(Protocol):
    """The workflows of operations."""

    async def start(self, cohort: CohortInput) -> None:
        """Start it; one that was started before, or is over, stays as it is. Raises UNAVAILABLE."""

    async def start_again(self, cohort: CohortInput) -> None:
        """Start one whose workflow was ended before it was through; who has answered is not asked twice."""

    async def standing(self, exam_id: UUID, operation_id: UUID) -> Standing:
        """Whether it was started, and still runs. Raises UNAVAILABLE."""


class AttemptCommander(Protocol):
    """Sends commands to attempts."""

    async def execute(self, attempt_id: UUID, update: str, command: Command) -> AttemptView:
        """Wait until it is done, and what the attempt is then; the same operation again is the same one.

        Raises what the attempt refuses with, CONFLICT when it is over, UNAVAILABLE.
        """
