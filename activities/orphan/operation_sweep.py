"""Operations on many attempts that were begun and whose workflow is gone: carried on while meant, else given up."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from activities.operation_loop import BATCH, input_of
from activities.orphan.port import Orphan
from activities.ports import CohortStarter, OperationBook
from schema.cohort import GIVE_UP_AFTER, START_WITHIN, Acknowledgement, Standing, Unfinished
from schema.failures import Failure, FailureType
from schema.ids import cohort_workflow_id
from schema.orphan import Trouble
from schema.queue import WorkflowType

LOG = logging.getLogger(__name__)

UNTOUCHED = timedelta(seconds=30)  # its workflow ends a moment after its row says so
BROKEN_OFF = (
    "the operation was broken off before an acknowledgement came; look at the attempt before you ask again"
)


class OperationSweep:
    """Who has answered is never asked twice; what can no longer be meant is not asked at all."""

    def __init__(self, book: OperationBook, starter: CohortStarter) -> None:
        self._book = book
        self._starter = starter

    async def look(self, now: datetime) -> list[Orphan]:
        """Those that are not over and that nobody carries out. Raises UNAVAILABLE."""
        return [
            Orphan(_workflow_id(operation), WorkflowType.COHORT, Trouble.GONE, None, now)
            for operation in await self._book.unfinished(now - UNTOUCHED, BATCH)
            if await self._is_gone(operation)
        ]

    async def mend(self, orphan: Orphan, now: datetime) -> str:
        """Start it again, or answer for those who were not asked; what was done. Raises UNAVAILABLE."""
        operation_id = UUID(orphan.workflow_id.rpartition(":")[2])
        for operation in await self._book.unfinished(now, BATCH):
            if operation.operation_id == operation_id and await self._is_gone(operation):
                return await self._carry_on(operation, now)
        return ""

    async def _carry_on(self, operation: Unfinished, now: datetime) -> str:
        if now - operation.created_at <= START_WITHIN:
            await self._starter.start_again(input_of(operation))
            return "started again; who has answered is not asked twice"
        if now - operation.created_at <= GIVE_UP_AFTER:
            return ""
        kind, state = FailureType.UNAVAILABLE.value, Acknowledgement.UNANSWERED
        await self._book.give_up(operation.operation_id, state, kind, BROKEN_OFF)
        return "given up: it is too late to ask; those who were not asked are shown as without an answer"

    async def _is_gone(self, operation: Unfinished) -> bool:
        try:
            standing = await self._starter.standing(operation.exam_id, operation.operation_id)
        except Failure as failure:
            LOG.warning("operation %s is looked after later: %s", operation.operation_id, failure.message)
            return False
        return standing is Standing.CLOSED or (standing is Standing.ABSENT and operation.is_begun)


def _workflow_id(operation: Unfinished) -> str:
    return cohort_workflow_id(operation.exam_id, operation.operation_id)
