"""Follows an attempt's records until they end, and hands what was found to the monitoring workflow."""

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import AsyncExitStack, suppress
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeat import beating
from activities.ports import CheckpointBook, IncidentSignaller, Lease, RecordFeed, Watcher, WatcherSource
from activities.suspect.frames import SuspectFrames
from activities.suspect.turn import FailingFrames, WatchedTurns, joined
from schema.analysis import Analysis, ChangeKind
from schema.failures import Failure, FailureType
from schema.record import Record
from schema.task import WatchResult, WatchTask

log = logging.getLogger(__name__)

PAGE_RECORDS = 10
POLL = timedelta(seconds=5)
COMMIT_AFTER = timedelta(seconds=3)  # without news; incidents are committed at once
COMMIT_RECORDS = 30
PROOF_OF_LIFE = timedelta(seconds=3)
STUCK_AFTER = timedelta(minutes=2)  # a step that takes longer proves no life: let another worker try


class WatchActivities:
    """Watches many attempts at once; `executor` has the one inference thread of this process."""

    def __init__(
        self,
        feed: RecordFeed,
        checkpoints: CheckpointBook,
        watchers: WatcherSource,
        signaller: IncidentSignaller,
        executor: Executor,
        owner: str,
        suspects: SuspectFrames | None = None,
    ) -> None:
        self._feed = feed
        self._checkpoints = checkpoints
        self._watchers = watchers
        self._signaller = signaller
        self._executor = executor
        self._owner = owner
        self._suspects = suspects
        self._failing = FailingFrames()

    @activity.defn
    async def watch_attempt(self, task: WatchTask) -> WatchResult:
        """Analyse every record once, wherever watching stood; returns when none can follow.

        What was read but not committed when this worker died is read again by the next one, from the committed
        state, and gives the same incidents.
        """
        async with AsyncExitStack() as stack:
            # On a busy machine models may take longer to load than a silent worker is waited for.
            async with beating(), asyncio.timeout(STUCK_AFTER.total_seconds()):
                watcher = await stack.enter_async_context(self._watchers.watching(task))
            return await self._watch(task, watcher)

    async def _watch(self, task: WatchTask, watcher: Watcher) -> WatchResult:
        if self._suspects is not None:
            self._suspects.collect()
        turns = WatchedTurns(task.attempt_id, watcher, self._suspects, self._failing)
        lease = await self._checkpoints.take_lease(task.attempt_id, self._owner)
        await self._say_started(task)
        watch = _Watch(task, lease)
        proof = asyncio.create_task(_prove_life(watch))
        try:
            while not watch.is_over:
                watch.stepped_at = time.monotonic()
                await self._step(watch, turns)
            await self._checkpoints.finish(watch.lease)
        except Failure as failure:
            if failure.type is FailureType.CONFLICT:
                raise _stopped(failure) from failure
            raise
        finally:
            proof.cancel()
            with suppress(asyncio.CancelledError):
                await proof
        return WatchResult(
            frames=watch.lease.frames,
            unreadable=watch.lease.unreadable,
            final_offset=max(0, watch.lease.offset),
        )

    async def _say_started(self, task: WatchTask) -> None:
        """Ends the technical incident `detector_down`, if waiting for this worker opened one."""
        try:
            await self._signaller.signal(task.attempt_id, "watch_started", "")
        except Failure as failure:
            log.warning("attempt %s: watching started, but %s", task.attempt_id, failure.message)

    async def _step(self, watch: "_Watch", turns: WatchedTurns) -> None:
        page = await self._feed.read(
            watch.task.attempt_id, watch.offset, PAGE_RECORDS, watch.patience().total_seconds()
        )
        for turn in turns.cut(page.records):
            watch.stepped_at = time.monotonic()
            watch.add(await self._analyse(turns, watch.state, turn), turn)
        if watch.pending is not None and (page.is_final or watch.is_due()):
            lease = await self._checkpoints.commit(watch.lease, watch.task, watch.pending, watch.account)
            watch.committed(lease)
        if watch.may_owe:
            await self._deliver(watch, must_succeed=page.is_final)
        watch.is_over = page.is_final

    async def _analyse(self, turns: WatchedTurns, state: bytes | None, turn: Sequence[Record]) -> Analysis:
        """The executor's one thread takes turns in the order they are asked for, so attempts come round one by one."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, turns.take, state, turn)

    async def _deliver(self, watch: "_Watch", *, must_succeed: bool) -> None:
        """Send what is owed, oldest first. Where Temporal does not answer, watching goes on and this comes later."""
        try:
            for signal_id, change, signal in await self._checkpoints.owed_signals(watch.task.attempt_id):
                await self._signaller.signal(watch.task.attempt_id, change, signal)
                await self._checkpoints.delivered([signal_id])
        except Failure as failure:
            if must_succeed or not failure.is_retryable:
                raise
            log.warning("attempt %s: %s", watch.task.attempt_id, failure.message)
        else:
            watch.may_owe = False


class _Watch:
    """Where one watching stands: what is committed, and what is analysed but not yet committed."""

    def __init__(self, task: WatchTask, lease: Lease) -> None:
        self.task = task
        self.lease = lease
        self.pending: Analysis | None = None
        self.account = lease.account
        self.is_over = False
        self.may_owe = True  # a predecessor may have died between commit and signal
        self.stepped_at = time.monotonic()
        self._pending_since = 0.0

    @property
    def offset(self) -> int:
        """Up to here everything is analysed."""
        return self.lease.offset if self.pending is None else self.pending.offset

    @property
    def state(self) -> bytes | None:
        """What the next analysis goes on from."""
        return self.lease.state if self.pending is None else self.pending.state

    def add(self, analysis: Analysis, records: Sequence[Record]) -> None:
        """Put an analysis of these records on top of what waits for its commit."""
        self.account = self.account.adding(records)
        if self.pending is None:
            self._pending_since = time.monotonic()
        self.pending = analysis if self.pending is None else joined(self.pending, analysis)

    def is_due(self) -> bool:
        """Incidents are committed at once, everything else now and then."""
        if self.pending is None:
            return False
        has_news = any(change.change is not ChangeKind.AMENDED for change in self.pending.changes)
        return has_news or self.pending.frames >= COMMIT_RECORDS or self._age() >= COMMIT_AFTER

    def patience(self) -> timedelta:
        """How long to wait for records: not beyond the next commit."""
        if self.pending is None:
            return POLL
        return max(timedelta(), min(POLL, COMMIT_AFTER - self._age()))

    def committed(self, lease: Lease) -> None:
        """Everything that waited is in the database."""
        has_changes = self.pending is not None and bool(self.pending.changes)
        self.may_owe = self.may_owe or has_changes
        self.lease, self.pending = lease, None

    def _age(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._pending_since)


def _stopped(failure: Failure) -> ApplicationError:
    """A stale lease stops this worker only: if the task is still its own, the next try takes a new lease."""
    return ApplicationError(failure.message, type=failure.type.value, non_retryable=False)


async def _prove_life(watch: _Watch) -> None:
    while time.monotonic() - watch.stepped_at < STUCK_AFTER.total_seconds():
        activity.heartbeat()
        await asyncio.sleep(PROOF_OF_LIFE.total_seconds())
