"""What the sweep needs of the databases and of Temporal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from schema.attempt import Phase
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptInput
from schema.orphan import Trouble, WorkflowStanding, is_over
from schema.outcome import Release
from schema.queue import WorkflowType
from schema.retention import RetentionInput


@dataclass(frozen=True, slots=True)
class KnownAttempt:
    """An attempt as its row has it. `is_settled`: it is over, and its data are in the hands of retention."""

    attempt_id: UUID
    phase: Phase
    release: Release
    generation: int
    version: int
    deadline_at: datetime | None
    has_seat: bool
    is_contradicted: bool
    is_settled: bool
    has_snapshot: bool = True  # False for one of an older release, until its workflow writes again

    @property
    def workflow_id(self) -> str:
        """Its workflow's."""
        return attempt_workflow_id(self.attempt_id)

    @property
    def is_over(self) -> bool:
        """Whether its workflow has nothing left to do, but to hand over."""
        holds_seat_in_vain = self.has_seat and self.phase is not Phase.SUBMITTED
        return is_over(self.phase, self.release) and not holds_seat_in_vain


@dataclass(frozen=True, slots=True)
class Orphan:
    """A workflow in trouble; `found_at` is when it was seen first, `outcome` what was done once that is over."""

    workflow_id: str
    kind: WorkflowType
    trouble: Trouble
    attempt_id: UUID | None
    found_at: datetime
    closed_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A review as its row has it."""

    review_id: UUID
    attempt_id: UUID
    is_decided: bool


class RunState(StrEnum):
    """How the newest run of a workflow stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    BROKEN = "broken"  # terminated, failed, timed out
    CANCELLED = "cancelled"  # by an operator, or by its parent that needs it no more
    ABSENT = "absent"


class AttemptLedger(Protocol):
    """Attempts with the snapshots that another run can go on from (schema `_reservations`)."""

    async def unsettled(self) -> Sequence[KnownAttempt]:
        """All that are not over and handed over, those that changed last first; without a snapshot those not over."""

    async def settled(self) -> Sequence[UUID]:
        """All that are handed over and not yet purged: retention must be at work on each."""

    async def one(self, attempt_id: UUID) -> KnownAttempt | None:
        """One of them as it stands now; None for an attempt without a row."""

    async def snapshot(self, attempt_id: UUID) -> AttemptInput | None:
        """What its workflow knew when it wrote last."""

    async def begin_generation(self, attempt_id: UUID, after: int) -> bool:
        """Let no run of generation `after` write any more; false where another sweep did so first."""

    async def settle(self, attempt_id: UUID, at: datetime) -> None:
        """It is over and handed over."""


class AttemptRebuilder(Protocol):
    """Snapshots of attempts whose workflow was gone before it wrote one (schemas `_reservations`, `_corrections`)."""

    async def rebuild(self, attempt_id: UUID) -> bool:
        """Write the snapshot from the read model, once; False without a row."""


class ReviewLedger(Protocol):
    """Reviews as rows (schema `_corrections`)."""

    async def undecided(self) -> Sequence[OpenReview]:
        """All that wait for a decision."""

    async def decided(self, review_ids: Sequence[UUID]) -> Sequence[UUID]:
        """Those of them that are decided."""


class OrphanBook(Protocol):
    """What was found, and what became of it (schema `_reservations`)."""

    async def report(self, found: Sequence[Orphan], at: datetime) -> Sequence[Orphan]:
        """Open what is new, close what is not found any more; all that are open, with when each was seen first."""

    async def close(self, orphan: Orphan, outcome: str, at: datetime) -> None:
        """It is repaired, or cannot be: in words."""

    async def opened(self) -> Sequence[Orphan]:
        """All that are open, the oldest first."""


class Runs(Protocol):
    """Workflows, as Temporal has them. Every method raises UNAVAILABLE."""

    async def running(self, kind: WorkflowType) -> frozenset[str]:
        """The ids of all that run, as far as Temporal's list knows; it may lag behind by seconds."""

    async def state(self, workflow_id: str) -> RunState:
        """How the newest run stands, exactly."""

    async def standing(self, attempt_id: UUID) -> WorkflowStanding | None:
        """What an attempt's workflow knows; None where it cannot say, or does not answer."""

    async def is_served(self) -> bool:
        """Whether a worker asks for the tasks of workflows: else nothing that is late is a workflow's own fault."""

    async def project_again(self, workflow_id: str) -> None:
        """Ask a workflow to compare itself with its row; one that does not run is no error."""

    async def end(self, workflow_id: str, why: str) -> None:
        """Terminate it; one that does not run is no error."""

    async def begin_attempt(self, attempt: AttemptInput, *, has_seat: bool) -> None:
        """Start an attempt's workflow; `has_seat` tells a waiting one that its seat is there."""

    async def begin_retention(self, retention: RetentionInput) -> None:
        """Start keeping and deleting."""


class Recovery(Protocol):
    """Brings back what a database has lost, from the histories of workflows that wrote it."""

    async def recover(self, attempt_id: UUID) -> int:
        """Write again what the attempt's workflows and their children wrote; how many writes. Raises UNAVAILABLE."""
