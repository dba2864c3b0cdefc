"""Starts again what is gone, from what is known; and brings back what a database lost, from the histories."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from activities.orphan.port import AttemptLedger, AttemptRebuilder, Orphan, Recovery, Runs, RunState
from schema.attempt import Phase
from schema.ids import monitoring_workflow_id
from schema.orphan import Trouble, retention_input
from schema.queue import WorkflowType

LOG = logging.getLogger(__name__)

ENDED = "the attempt goes on in another run, from what the database knows"
UNKNOWN = (
    "cannot be repaired: nothing is known that a run could go on from; void the attempt or look at its row"
)


class Repair:
    """Each repair may be tried again: what is done already is found so."""

    def __init__(
        self,
        ledger: AttemptLedger,
        runs: Runs,
        recovery: Recovery,
        rebuilder: AttemptRebuilder,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = ledger
        self._runs = runs
        self._recovery = recovery
        self._rebuilder = rebuilder
        self._now = now

    async def mend(self, orphan: Orphan) -> str:
        """What was done; empty where somebody else is at it, or it heals by itself. Raises UNAVAILABLE."""
        if orphan.attempt_id is None or orphan.kind is WorkflowType.REVIEW:
            return ""
        if orphan.kind is WorkflowType.RETENTION:
            return await self._begin_retention(orphan.attempt_id)
        if orphan.trouble is Trouble.NEWER:
            return await self._recover(orphan.attempt_id)
        if orphan.trouble is Trouble.GONE and await self._runs.state(orphan.workflow_id) is RunState.RUNNING:
            return ""
        return await self._begin_again(orphan.attempt_id)

    async def hurry(self, orphan: Orphan) -> str:
        """An overdue attempt that does not answer is started again, and closes as of its deadline.

        Without a worker there is nothing to repair; one that answers may wait for the platform to serve it again.
        Raises UNAVAILABLE.
        """
        if orphan.attempt_id is None or not await self._runs.is_served():
            return ""
        is_stuck = await self._runs.standing(orphan.attempt_id) is None
        return await self._begin_again(orphan.attempt_id) if is_stuck else ""

    async def _begin_again(self, attempt_id: UUID) -> str:
        if await self._ledger.snapshot(attempt_id) is None:
            await self._rebuilder.rebuild(attempt_id)
        row, snapshot = await self._ledger.one(attempt_id), await self._ledger.snapshot(attempt_id)
        if row is None or snapshot is None or snapshot.resumed is None:
            return UNKNOWN
        if not await self._ledger.begin_generation(attempt_id, row.generation):
            return ""
        children = dict.fromkeys((monitoring_workflow_id(attempt_id), *snapshot.resumed.children))
        for workflow_id in (row.workflow_id, *children):
            await self._runs.end(workflow_id, ENDED)
        generation = row.generation + 1
        again = snapshot.model_copy(update={"generation": generation, "is_repaired": True})
        is_promoted = row.has_seat and row.phase is Phase.WAITLISTED
        await self._runs.begin_attempt(again, has_seat=is_promoted)
        where = f"{row.phase} as of version {row.version}"
        return f"started again from what was written ({where}), generation {generation}"

    async def _recover(self, attempt_id: UUID) -> str:
        written = await self._recovery.recover(attempt_id)
        row = await self._ledger.one(attempt_id)
        if row is None:
            return "" if written else UNKNOWN
        told = await self._runs.standing(attempt_id)
        if told is not None and (told.generation, told.written) > (row.generation, row.version):
            await self._runs.project_again(row.workflow_id)
        return f"{written} writes repeated from its history; the row is at version {row.version}"

    async def _begin_retention(self, attempt_id: UUID) -> str:
        snapshot = await self._ledger.snapshot(attempt_id)
        if snapshot is None or snapshot.resumed is None:
            return UNKNOWN
        ended_at = snapshot.resumed.ended_at or snapshot.resumed.submitted_at or self._now()
        await self._runs.begin_retention(retention_input(snapshot, snapshot.resumed, ended_at))
        return "started again; what fell due meanwhile is deleted now"
