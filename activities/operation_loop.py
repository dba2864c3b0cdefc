"""Starts the operations that were written and never started, and gives up those for which it is too late."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from activities.ports import CohortStarter, OperationBook
from schema.cohort import (
    GIVE_UP_AFTER,
    START_WITHIN,
    Acknowledgement,
    CohortInput,
    Standing,
    Unfinished,
)
from schema.failures import Failure, FailureType

LOG = logging.getLogger(__name__)
BATCH = 1_000
UNTOUCHED = timedelta(seconds=10)  # the API starts what it has written within moments
TOO_LATE = "this was never asked: it could not begin within 15 minutes; look at the attempt and ask again"


class OperationLoop:
    """A loop of the `proctor-io` worker. Several may run at once: a workflow is started once, an answer stays.

    An operation that did not begin within START_WITHIN is not begun at all.
    """

    def __init__(
        self,
        book: OperationBook,
        starter: CohortStarter,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._book = book
        self._starter = starter
        self._now = now

    async def step(self) -> None:
        """Look after each operation once. One that makes trouble holds no other up."""
        for operation in await self._book.unfinished(self._now() - UNTOUCHED, BATCH):
            try:
                await self._look_after(operation)
            except Failure as failure:
                LOG.warning("operation %s waits: %s", operation.operation_id, failure.message)

    async def _look_after(self, operation: Unfinished) -> None:
        age = self._now() - operation.created_at
        if age <= START_WITHIN:
            await self._start(operation)
        elif age > GIVE_UP_AFTER:
            await self._end(operation)

    async def _start(self, operation: Unfinished) -> None:
        """One that was begun and is gone is an orphan, which the sweep shows and carries on."""
        if await self._is_unheard_of(operation):
            await self._starter.start(input_of(operation))

    async def _end(self, operation: Unfinished) -> None:
        if await self._is_unheard_of(operation):
            await self._give_up(operation, Acknowledgement.REFUSED, FailureType.DEADLINE_PASSED, TOO_LATE)

    async def _is_unheard_of(self, operation: Unfinished) -> bool:
        standing = await self._starter.standing(operation.exam_id, operation.operation_id)
        return standing is Standing.ABSENT and not operation.is_begun

    async def _give_up(
        self, operation: Unfinished, state: Acknowledgement, kind: FailureType, why: str
    ) -> None:
        LOG.warning("operation %s is given up: %s", operation.operation_id, why)
        await self._book.give_up(operation.operation_id, state, kind.value, why)


def input_of(operation: Unfinished) -> CohortInput:
    """What its workflow is started with."""
    return CohortInput(
        operation_id=operation.operation_id,
        exam_id=operation.exam_id,
        verb=operation.verb,
        total=operation.total,
    )
