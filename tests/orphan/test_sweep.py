"""What the sweep finds between rows and workflows, told by small fakes of both."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from activities.adapters.memory.operation_book import MemoryOperationBook
from activities.orphan.operation_sweep import OperationSweep
from activities.orphan.port import KnownAttempt, OpenReview, Orphan, RunState
from activities.orphan.repair import Repair
from activities.orphan.review_sweep import ReviewSweep
from activities.orphan.sweep import SILENT_AT_MOST, Sweep
from schema.attempt import Phase
from schema.conduct import new_state
from schema.ids import attempt_workflow_id, new_id, retention_workflow_id, review_workflow_id
from schema.lifecycle import AttemptInput
from schema.orphan import Trouble, WorkflowStanding
from schema.outcome import Release
from schema.queue import WorkflowType
from schema.retention import RetentionInput
from tests.contracts.builder import a_hold, a_slot
from tests.orphan.starter import Starter

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def an_attempt(**changes: object) -> KnownAttempt:
    known = KnownAttempt(
        attempt_id=new_id(), phase=Phase.IN_PROGRESS, release=Release.WITHHELD, generation=0, version=5,
        deadline_at=NOW + timedelta(hours=1), has_seat=True, is_contradicted=False, is_settled=False,
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]


@dataclass
class Both:
    """A ledger, a review ledger, a book, runs and a recovery in one: what stands in them, and what was done."""

    rows: list[KnownAttempt] = field(default_factory=list)
    waiting: list[OpenReview] = field(default_factory=list)
    states: dict[str, RunState] = field(default_factory=dict)
    knows: dict[UUID, WorkflowStanding] = field(default_factory=dict)
    known_snapshot: AttemptInput | None = None
    has_worker: bool = True
    found_at: datetime | None = None
    asked: int = 0
    done: list[str] = field(default_factory=list)

    async def unsettled(self) -> Sequence[KnownAttempt]:
        return [row for row in self.rows if not row.is_settled]

    async def settled(self) -> Sequence[UUID]:
        return [row.attempt_id for row in self.rows if row.is_settled]

    async def one(self, attempt_id: UUID) -> KnownAttempt | None:
        return next((row for row in self.rows if row.attempt_id == attempt_id), None)

    async def rebuild(self, attempt_id: UUID) -> bool:
        self.done.append("rebuild")
        return False

    async def snapshot(self, attempt_id: UUID) -> AttemptInput | None:
        return self.known_snapshot

    async def begin_generation(self, attempt_id: UUID, after: int) -> bool:
        self.done.append(f"generation {after + 1}")
        return True

    async def settle(self, attempt_id: UUID, at: datetime) -> None:
        self.done.append("settled")

    async def undecided(self) -> Sequence[OpenReview]:
        return self.waiting

    async def decided(self, review_ids: Sequence[UUID]) -> Sequence[UUID]:
        return [review_id for review_id in review_ids if review_id not in {r.review_id for r in self.waiting}]

    async def report(self, found: Sequence[Orphan], at: datetime) -> Sequence[Orphan]:
        return [replace(one, found_at=self.found_at or one.found_at) for one in found]

    async def close(self, orphan: Orphan, outcome: str, at: datetime) -> None:
        self.done.append(outcome)

    async def opened(self) -> Sequence[Orphan]:
        return []

    async def running(self, kind: WorkflowType) -> frozenset[str]:
        prefix = kind.removesuffix("Workflow").lower()
        return frozenset(
            of for of, state in self.states.items() if of.startswith(prefix) and state is RunState.RUNNING
        )

    async def state(self, workflow_id: str) -> RunState:
        return self.states.get(workflow_id, RunState.ABSENT)

    async def standing(self, attempt_id: UUID) -> WorkflowStanding | None:
        self.asked += 1
        return self.knows.get(attempt_id)

    async def is_served(self) -> bool:
        return self.has_worker

    async def project_again(self, workflow_id: str) -> None:
        self.done.append(f"again {workflow_id}")

    async def end(self, workflow_id: str, why: str) -> None:
        self.done.append(f"end {workflow_id}")

    async def begin_attempt(self, attempt: AttemptInput, *, has_seat: bool) -> None:
        self.done.append(f"begin {attempt.generation}{' with a seat' if has_seat else ''}")

    async def begin_retention(self, retention: RetentionInput) -> None:
        self.done.append("begin retention")

    async def recover(self, attempt_id: UUID) -> int:
        self.done.append("recover")
        return 3

    def sweep(self) -> Sweep:
        repair = Repair(self, self, self, self, now=lambda: NOW)
        operations = OperationSweep(MemoryOperationBook(), Starter())
        return Sweep(self, ReviewSweep(self, self, self), operations, self, self, repair, now=lambda: NOW)

    def runs(self, row: KnownAttempt, version: int = 5, written: int = 5, generation: int = 0) -> None:
        self.rows.append(row)
        self.states[row.workflow_id] = RunState.RUNNING
        self.knows[row.attempt_id] = WorkflowStanding(generation=generation, version=version, written=written)


async def troubles(both: Both) -> list[Trouble]:
    return [orphan.trouble for orphan in await both.sweep().look(all_at_once=True)]


@pytest.mark.parametrize(
    ("version", "written", "generation", "trouble"),
    [
        (5, 5, 0, []),
        (6, 5, 0, []),  # a projection is on its way
        (4, 4, 0, [Trouble.OLDER]),
        (9, 9, 0, [Trouble.NEWER]),
        (9, 9, 1, [Trouble.NEWER]),
    ],
)
async def test_a_running_workflow_is_compared(
    version: int, written: int, generation: int, trouble: list[Trouble]
) -> None:
    both = Both()
    both.runs(an_attempt(), version, written, generation)

    assert await troubles(both) == trouble


async def test_a_run_of_an_older_generation_is_older() -> None:
    both = Both()
    both.runs(an_attempt(generation=2), version=9, written=9, generation=1)

    assert await troubles(both) == [Trouble.OLDER]


@pytest.mark.parametrize("state", [RunState.BROKEN, RunState.CANCELLED, RunState.ABSENT])
async def test_an_open_attempt_without_a_run_is_gone(state: RunState) -> None:
    row = an_attempt()
    both = Both(rows=[row], states={row.workflow_id: state})

    assert await troubles(both) == [Trouble.GONE]


@pytest.mark.parametrize(
    ("shown_for", "has_worker", "answers", "is_begun_again"),
    [
        (90, True, False, True),
        (30, True, False, False),  # a busy worker needs its time
        (90, False, False, False),  # it closes by itself once there is a worker
        (90, True, True, False),  # it waits for the platform to serve it again
    ],
)
async def test_a_deadline_that_passed_is_shown_and_then_hurried(
    shown_for: int, has_worker: bool, answers: bool, is_begun_again: bool
) -> None:
    hold = a_hold(a_slot())
    snapshot = hold.attempt.model_copy(update={"resumed": new_state(hold.attempt, NOW)})
    both = Both(known_snapshot=snapshot, has_worker=has_worker)
    both.found_at = NOW - timedelta(seconds=shown_for)
    both.runs(an_attempt(deadline_at=NOW - timedelta(minutes=3)))
    if not answers:
        both.knows.clear()

    assert await troubles(both) == [Trouble.OVERDUE]
    await both.sweep().step()

    assert ("begin 1" in both.done) is is_begun_again
    assert bool(both.done) is is_begun_again


async def test_workflows_that_do_not_answer_hold_nobody_up() -> None:
    both = Both()
    for _ in range(9):
        both.runs(an_attempt())
    both.knows.clear()
    gone = an_attempt()
    both.rows.append(gone)

    assert await troubles(both) == [Trouble.GONE]
    assert both.asked == SILENT_AT_MOST


async def test_what_is_over_and_handed_over_is_settled() -> None:
    row = an_attempt(phase=Phase.SUBMITTED, release=Release.ARCHIVED)
    states = {row.workflow_id: RunState.COMPLETED, retention_workflow_id(row.attempt_id): RunState.RUNNING}
    both = Both(rows=[row], states=states)

    assert await troubles(both) == []
    assert both.done == ["settled"]


async def test_a_cancelled_one_that_never_gave_its_seat_back_is_gone() -> None:
    row = an_attempt(phase=Phase.CANCELLED)
    both = Both(rows=[row], states={row.workflow_id: RunState.BROKEN})

    assert await troubles(both) == [Trouble.GONE]


async def test_a_run_from_an_older_store_of_what_is_over_is_ended() -> None:
    row = an_attempt(phase=Phase.SUBMITTED, release=Release.ARCHIVED, is_settled=True)
    both = Both()
    both.runs(row)
    both.states[retention_workflow_id(row.attempt_id)] = RunState.RUNNING

    assert await troubles(both) == []
    assert both.done == [f"end {row.workflow_id}"]


async def test_retention_that_is_gone_is_found() -> None:
    row = an_attempt(phase=Phase.CANCELLED, has_seat=False, is_settled=True)

    assert await troubles(Both(rows=[row])) == [Trouble.GONE]


async def test_a_running_workflow_without_a_row_is_found_at_the_second_look() -> None:
    both = Both(states={attempt_workflow_id(new_id()): RunState.RUNNING})
    sweep = both.sweep()

    looks = [[orphan.trouble for orphan in await sweep.look()] for _ in range(2)]

    assert looks == [[], [Trouble.NEWER]]


@pytest.mark.parametrize(
    ("state", "phase", "trouble"),
    [
        (RunState.BROKEN, Phase.SUBMITTED, [Trouble.GONE]),
        (RunState.RUNNING, Phase.SUBMITTED, []),
        (RunState.CANCELLED, Phase.SUBMITTED, []),  # by its attempt, which was reopened and handed in again
        (RunState.BROKEN, Phase.IN_PROGRESS, []),
    ],
)
async def test_reviews_are_missed_where_their_attempt_waits(
    state: RunState, phase: Phase, trouble: list[Trouble]
) -> None:
    row, review_id = an_attempt(phase=phase, deadline_at=None), new_id()
    both = Both(waiting=[OpenReview(review_id, row.attempt_id, is_decided=False)])
    both.runs(row)
    both.states[review_workflow_id(review_id)] = state

    assert await troubles(both) == trouble


async def test_a_review_that_forgot_its_decision_is_reminded_at_the_second_look() -> None:
    workflow_id = review_workflow_id(new_id())
    both = Both(states={workflow_id: RunState.RUNNING})
    sweep = both.sweep()

    for _ in range(2):
        await sweep.look()

    assert both.done == [f"again {workflow_id}"]


async def test_a_repair_ends_what_is_left_and_begins_the_next_generation() -> None:
    hold = a_hold(a_slot())
    row = an_attempt(phase=Phase.WAITLISTED)
    snapshot = hold.attempt.model_copy(update={"resumed": new_state(hold.attempt, NOW)})
    both = Both(rows=[row], known_snapshot=snapshot)
    orphan = Orphan(row.workflow_id, WorkflowType.ATTEMPT, Trouble.GONE, row.attempt_id, NOW)

    outcome = await both.sweep().mend(orphan)

    assert both.done[0] == "generation 1"
    assert f"end {row.workflow_id}" in both.done
    assert both.done[-2:] == ["begin 1 with a seat", outcome]


async def test_what_nobody_knows_enough_of_is_said() -> None:
    row = an_attempt()
    both = Both(rows=[row])

    outcome = await both.sweep().mend(
        Orphan(row.workflow_id, WorkflowType.ATTEMPT, Trouble.GONE, row.attempt_id, NOW)
    )

    assert outcome.startswith("cannot be repaired")
