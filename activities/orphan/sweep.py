"""Compares rows with workflows, shows what does not agree, and repairs it: no attempt is left without its workflow."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from activities.orphan.operation_sweep import OperationSweep
from activities.orphan.port import (
    AttemptLedger,
    KnownAttempt,
    Orphan,
    OrphanBook,
    Runs,
    RunState,
)
from activities.orphan.repair import Repair
from activities.orphan.review_sweep import ReviewSweep
from schema.attempt import Phase
from schema.failures import Failure
from schema.ids import retention_workflow_id
from schema.orphan import Trouble
from schema.queue import WorkflowType

LOG = logging.getLogger(__name__)

OVERDUE_AFTER = timedelta(minutes=1)
OVERDUE_FOR = timedelta(minutes=1)  # before one is started again by itself: a busy worker needs its time
HURRIED_AT_ONCE = 5  # in one turn: workers that are behind shall not get everything twice
SILENT_AT_MOST = 3  # workflows that do not answer; then no more are asked in this turn
SHOWN_FOR = timedelta(seconds=10)  # before it is repaired by itself
COMPARED_AT_ONCE = 100  # attempts whose workflow is asked in one turn; those that changed last in every turn
BY_ITSELF = frozenset({Trouble.GONE, Trouble.OLDER, Trouble.NEWER})


class Sweep:
    """A loop of the `proctor-io` worker. Several may run at once: a generation is begun by one of them only."""

    def __init__(
        self,
        ledger: AttemptLedger,
        reviews: ReviewSweep,
        operations: OperationSweep,
        book: OrphanBook,
        runs: Runs,
        repair: Repair,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = ledger
        self._reviews = reviews
        self._operations = operations
        self._book = book
        self._runs = runs
        self._repair = repair
        self._now = now
        self._turn = 0
        self._without_row: set[str] = set()
        self._asked: set[str] = set()
        self._silent = 0

    async def step(self) -> None:
        """One look at everything; what was shown for long enough is repaired where that is safe."""
        try:
            shown = await self.look()
        except Failure as failure:
            LOG.warning("workflows are compared with their rows later: %s", failure.message)
            return
        for orphan in shown:
            if orphan.trouble in BY_ITSELF and self._now() - orphan.found_at >= SHOWN_FOR:
                await self.mend(orphan)
        overdue = [orphan for orphan in shown if orphan.trouble is Trouble.OVERDUE]
        for orphan in overdue[:HURRIED_AT_ONCE]:
            if self._now() - orphan.found_at >= OVERDUE_FOR:
                await self._mended(orphan, self._repair.hurry)

    async def look(self, *, all_at_once: bool = False) -> Sequence[Orphan]:
        """What does not agree, as it is shown from now on; `all_at_once` asks every workflow. Raises UNAVAILABLE."""
        self._silent = 0
        found = await self._attempts(all_at_once=all_at_once)
        found += await self._retentions()
        found += await self._reviews.look(self._now())
        found += await self._operations.look(self._now())
        return await self._book.report(found, self._now())

    async def mend(self, orphan: Orphan) -> str:
        """Repair one; what was done, in words."""
        if orphan.kind is WorkflowType.COHORT:
            return await self._mended(orphan, lambda one: self._operations.mend(one, self._now()))
        return await self._mended(orphan, self._repair.mend)

    async def _mended(self, orphan: Orphan, repair: Callable[[Orphan], Awaitable[str]]) -> str:
        try:
            outcome = await repair(orphan)
        except Failure as failure:
            LOG.warning("%s is repaired later: %s", orphan.workflow_id, failure.message)
            return f"not yet: {failure.message}"
        if outcome:
            LOG.warning("%s was %s: %s", orphan.workflow_id, orphan.trouble, outcome)
            await self._book.close(orphan, outcome, self._now())
        return outcome

    async def _attempts(self, *, all_at_once: bool) -> list[Orphan]:
        known = await self._ledger.unsettled()
        running = await self._runs.running(WorkflowType.ATTEMPT)
        asked = {row.attempt_id for row in (known if all_at_once else self._slice(known))}
        found = []
        for row in known:
            trouble = await self._trouble(row, running, is_asked=row.attempt_id in asked)
            if trouble is not None:
                found.append(self._orphan(row.workflow_id, WorkflowType.ATTEMPT, trouble, row.attempt_id))
        return found + await self._strangers(running - {row.workflow_id for row in known})

    def _slice(self, known: Sequence[KnownAttempt]) -> Sequence[KnownAttempt]:
        """Half of the places for those that changed last, the others in turn."""
        newest, others = known[: COMPARED_AT_ONCE // 2], known[COMPARED_AT_ONCE // 2 :]
        start = self._turn * (COMPARED_AT_ONCE // 2) % max(1, len(others))
        self._turn += 1
        return [*newest, *others[start : start + COMPARED_AT_ONCE // 2]]

    async def _trouble(self, row: KnownAttempt, running: frozenset[str], *, is_asked: bool) -> Trouble | None:
        if row.workflow_id not in running:
            state = await self._runs.state(row.workflow_id)
            if state is not RunState.RUNNING:
                return await self._trouble_of_closed(row.attempt_id, state)
        if row.is_contradicted:
            return Trouble.OLDER
        if not row.has_snapshot:
            await self._ask_for_snapshot(row.workflow_id)
        if is_asked and (trouble := await self._compared(row)) is not None:
            return trouble
        is_late = row.deadline_at is not None and self._now() - row.deadline_at > OVERDUE_AFTER
        return Trouble.OVERDUE if is_late and row.phase is Phase.IN_PROGRESS else None

    async def _ask_for_snapshot(self, workflow_id: str) -> None:
        """One of an older release shall write what another run could go on from."""
        if workflow_id not in self._asked:
            self._asked.add(workflow_id)
            await self._runs.project_again(workflow_id)

    async def _trouble_of_closed(self, attempt_id: UUID, state: RunState) -> Trouble | None:
        """The row is read once more: it was written before its workflow closed, perhaps a moment ago."""
        row = await self._ledger.one(attempt_id)
        if row is None or row.is_settled:
            return None
        if not row.is_over:
            return Trouble.NEWER if state is RunState.COMPLETED else Trouble.GONE
        if await self._runs.state(retention_workflow_id(attempt_id)) is RunState.ABSENT:
            return Trouble.GONE
        await self._ledger.settle(attempt_id, self._now())
        return None

    async def _compared(self, row: KnownAttempt) -> Trouble | None:
        """The row was read before its workflow is asked, so a sound workflow knows at least as much."""
        if self._silent >= SILENT_AT_MOST:
            return None
        told = await self._runs.standing(row.attempt_id)
        if told is None:
            self._silent += 1
            return None
        if (told.generation, told.version) < (row.generation, row.version):
            return Trouble.OLDER
        now = await self._ledger.one(row.attempt_id)
        if now is not None and (told.generation, told.written) > (now.generation, now.version):
            return Trouble.NEWER
        return None

    async def _strangers(self, workflow_ids: frozenset[str]) -> list[Orphan]:
        """Workflows that run beside no open row: their row is over, of an older release, or lost."""
        found, without_row = [], set()
        for workflow_id in sorted(workflow_ids):
            attempt_id = UUID(workflow_id.removeprefix("attempt:"))
            row = await self._ledger.one(attempt_id)
            if row is not None and row.is_settled:
                await self._runs.end(workflow_id, "its attempt is over: this run is from an older store")
            elif row is None:
                without_row.add(workflow_id)
            elif not row.has_snapshot:
                await self._ask_for_snapshot(workflow_id)
        for workflow_id in without_row & self._without_row:  # a run that has just begun has no row yet
            attempt_id = UUID(workflow_id.removeprefix("attempt:"))
            found.append(self._orphan(workflow_id, WorkflowType.ATTEMPT, Trouble.NEWER, attempt_id))
        self._without_row = without_row
        return found

    async def _retentions(self) -> list[Orphan]:
        """What is handed over and not purged must have its retention at work."""
        settled = {
            retention_workflow_id(attempt_id): attempt_id for attempt_id in await self._ledger.settled()
        }
        if not settled:
            return []
        missing = settled.keys() - await self._runs.running(WorkflowType.RETENTION)
        return [
            self._orphan(workflow_id, WorkflowType.RETENTION, Trouble.GONE, settled[workflow_id])
            for workflow_id in sorted(missing)
            if await self._runs.state(workflow_id) in {RunState.BROKEN, RunState.CANCELLED, RunState.ABSENT}
        ]

    def _orphan(
        self, workflow_id: str, kind: WorkflowType, trouble: Trouble, attempt_id: UUID | None
    ) -> Orphan:
        return Orphan(workflow_id, kind, trouble, attempt_id, self._now())
