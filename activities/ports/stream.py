"""An attempt's records from the browser to the incident: feeds, watchers, checkpoints, signals."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from schema import task
from schema.analysis import Analysis
from schema.coverage.account import CoverageAccount
from schema.incident import Incident
from schema.record import Record
from schema.review import ReviewDecision


class FeedBook(Protocol):
    """What is known of attempts' streams (schema `_monitoring`)."""

    async def open(self, request: task.OpenFeed) -> None:
        """Let tickets be given for this attempt."""

    async def reopen(self, request: task.OpenFeed) -> None:
        """Let tickets be given again, also where the stream had got its final offset."""

    async def close(self, attempt_id: UUID) -> None:
        """Give no more tickets; API nodes then seal, and set `final_offset` once no record can follow."""


class Watcher(Protocol):
    """Analyses one attempt's records; synchronous, pure given state and records (filled from `ml`)."""

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """Incidents of these records and the state to go on from."""


class WatcherSource(Protocol):
    """Makes a Watcher per attempt; a model is loaded once per process and shared by the attempts frozen to it."""

    def watching(self, watched: task.WatchTask) -> AbstractAsyncContextManager[Watcher]:
        """A watcher for this attempt with the models it was frozen to, held for as long as it watches.

        Where it was frozen to none, these are the node's own. Raises CONFLICT, in words, where one is missing or
        damaged, or where this process holds as many as it may: nobody watches meanwhile, so it is not retried unseen.
        """


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Records after an offset, in order. `is_final` says that none will ever follow the last one."""

    records: tuple[Record, ...]
    is_final: bool


class RecordFeed(Protocol):
    """Reads an attempt's records from spool or lake alike."""

    async def read(self, attempt_id: UUID, after: int, limit: int, wait: float) -> FeedPage:
        """Up to `limit` records with offset > `after`; waits up to `wait` seconds for the first."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write an attempt's next checkpoint; a newer epoch makes it stale."""

    attempt_id: UUID
    epoch: int
    offset: int
    state: bytes | None
    frames: int
    unreadable: int
    account: CoverageAccount = field(default_factory=CoverageAccount)


class CheckpointBook(Protocol):
    """Checkpoints, incidents, evidence, events and owed signals: one transaction (schema `_monitoring`)."""

    async def take_lease(self, attempt_id: UUID, owner: str) -> Lease:
        """Raise the lease's epoch and return where watching stands."""

    async def commit(
        self, lease: Lease, task: task.WatchTask, analysis: Analysis, account: CoverageAccount | None = None
    ) -> Lease:
        """Write checkpoint, account, incidents, evidence, events, owed signals. Raises CONFLICT for a stale epoch.

        Without an account the one before stays.
        """

    async def finish(self, lease: Lease) -> None:
        """Mark watching as finished."""

    async def owed_signals(self, attempt_id: UUID) -> Sequence[tuple[UUID, str, str]]:
        """(signal_id, change, IncidentSignal as JSON) not yet delivered, oldest first."""

    async def delivered(self, signal_ids: Sequence[UUID]) -> None:
        """Forget delivered signals."""


class IncidentBook(Protocol):
    """Incidents of an attempt (schema `_monitoring`)."""

    async def of_attempt(self, attempt_id: UUID) -> Sequence[Incident]:
        """All incidents with their evidence, by start."""

    async def rule(self, attempt_id: UUID, decision: ReviewDecision) -> None:
        """Write a reviewer's rulings; publish nothing."""

    async def publish_start(self, start: task.MonitoringStart) -> None:
        """Publish `monitoring_started` once."""

    async def publish_end(self, end: task.MonitoringEnd) -> None:
        """Publish `monitoring_stopped` once."""

    async def publish_alert(self, alert: task.RaiseAlert) -> None:
        """Publish `high_risk_alert` once per incident."""

    async def record_detector_down(self, down: task.DetectorDown) -> None:
        """Open or close the technical incident `detector_down`."""


class IncidentSignaller(Protocol):
    """Brings incident signals to the monitoring workflow of an attempt."""

    async def signal(self, attempt_id: UUID, change: str, signal: str) -> None:
        """Send one; a workflow that has already closed is no error."""
