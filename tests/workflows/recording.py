"""Records the histories that are replayed in tests: `python -m tests.workflows.recording` (docs/versioning.md)."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.aftermath.reopen import Reopen
from schema.attempt import Phase
from schema.cohort import CohortVerb
from schema.ids import attempt_workflow_id, cohort_workflow_id, new_id, retention_workflow_id
from schema.incident import SEVERITY, IncidentKind, IncidentSignal
from schema.outage.interval import Interval
from schema.outcome import Integrity, Marking
from schema.review import AppealOutcome, AppealVerdict, IntegrityOutcome, IntegrityVerdict, ReviewKind
from tests.workflows.cohort import ask_many
from tests.workflows.fingerprint import fingerprint
from tests.workflows.server import development
from tests.workflows.story import Story, essay_verdict, eventually, slot_from
from tests.workflows.worker import working
from tests.workflows.world import World

# A review that was withdrawn is cancelled; retention is recorded as it waits.
CLOSED_OR_KEPT = {
    WorkflowExecutionStatus.COMPLETED,
    WorkflowExecutionStatus.RUNNING,
    WorkflowExecutionStatus.CANCELED,
}
FOLDER = Path(__file__).parent / "histories"
FINGERPRINTS = FOLDER / "fingerprints.json"
UPHELD = IntegrityVerdict(outcome=IntegrityOutcome.UPHELD, reason="a second person answered")


async def expired(story: Story) -> None:
    """A held seat that nobody confirms."""
    await story.with_policy(hold=timedelta(seconds=5)).reserve()
    await story.workflow.result()


async def cancelled(story: Story) -> None:
    """Reserved, moved, cancelled."""
    await story.go_to(Phase.RESERVED)
    await story.until_told("reserved")
    await story.do(m.MoveSlot, slot=slot_from(story.now + timedelta(days=5)))
    await story.until_told("moved")
    await story.do(m.Cancel, reason="ill")
    await story.workflow.result()


async def absent(story: Story) -> None:
    """Reserved, reminded, not there."""
    near = story.with_slot(timedelta(seconds=3)).with_policy(
        reminders=(timedelta(seconds=1),), no_show_after=timedelta(seconds=1)
    )
    await near.go_to(Phase.RESERVED)
    await story.workflow.result()


async def voided(story: Story) -> None:
    """Made void in the middle of the exam."""
    await soon(story).go_to(Phase.IN_PROGRESS)
    await story.until_told("admitted")
    await story.do(m.Void, reason="the wrong paper")
    await story.workflow.result()


async def terminated(story: Story) -> None:
    """Terminated, reactivated, terminated again, handed in by the timer."""
    await soon(story).with_policy(reactivation_window=timedelta(seconds=2)).go_to(Phase.TERMINATED)
    await story.do(m.Reactivate, reason="the proctor was wrong")
    await story.do(m.Terminate, reason="left again")
    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.NONE)
    await story.do(m.ReleaseResult)
    await story.workflow.result()


async def appealed(story: Story) -> None:
    """Everything: sent back, more time, a pause, essays, two reviewers, an appeal and another round."""
    story.world.manual = (new_id(),)
    story.world.incidents = tuple(
        incident(story, kind) for kind in (IncidentKind.MULTIPLE_FACES, IncidentKind.PASTE)
    )
    await soon(story).go_to(Phase.IN_PROGRESS)
    await story.do(m.Extend, by=timedelta(minutes=2), reason="power cut")
    await story.do(m.Pause, reason="fire alarm")
    await story.do(m.Resume)
    await story.do(m.ComeBack)
    await story.do(m.Submit)
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    await story.decide(ReviewKind.INTEGRITY, UPHELD, new_id())
    await story.decide(ReviewKind.INTEGRITY, UPHELD, new_id())
    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.UPHELD)
    await story.do(m.ReleaseResult)
    await story.do(m.Appeal, appeal_id=new_id())
    await story.decide(ReviewKind.APPEAL, AppealVerdict(outcome=AppealOutcome.REMARK, reason="question 3"))
    await story.decide(ReviewKind.ESSAY, essay_verdict(6))
    await story.workflow.result()


async def compensated(story: Story) -> None:
    """Within an outage the time was up: what it took is given back first, then the next deadline hands in."""
    await soon(story).with_policy(duration=timedelta(seconds=3)).go_to(Phase.IN_PROGRESS)
    before = (await story.view()).deadline_at
    assert before is not None
    story.world.silences, story.world.cause = (
        [Interval(start=before - timedelta(seconds=2), end=before)],
        "temporal",
    )
    await story.until(lambda seen: seen.deadline_at is not None and seen.deadline_at > before)
    await story.until_told("time_changed")
    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.NONE)
    await story.do(m.ReleaseResult)
    await story.workflow.result()


async def kept(story: Story) -> None:
    """Within an outage the hold ran out: the seat is kept for as long, and then given up."""
    held = await story.with_policy(hold=timedelta(seconds=3)).reserve()
    story.world.silences = [Interval(start=held.hold_until - timedelta(seconds=2), end=held.hold_until)]
    await story.until(lambda seen: seen.hold_until > held.hold_until)
    await story.until_told("time_changed")
    await story.do(m.Cancel, reason="changed my mind")
    await story.workflow.result()


async def helped(story: Story) -> None:
    """One act on two attempts: one takes it, the other is not there; then the exam is handed in."""
    await soon(story).go_to(Phase.IN_PROGRESS)
    operation = await ask_many(story, CohortVerb.EXTEND, (story.attempt.attempt_id, new_id()))
    story.world.further.append(cohort_workflow_id(operation.exam_id, operation.operation_id))
    await story.do(m.Void, reason="recorded")
    await story.workflow.result()


async def waited(story: Story) -> None:
    """The slot is full; who holds its seat does not confirm, so who waits moves up, and then gives the seat back."""
    story.world.seats[story.attempt.slot.slot_id] = 1
    holder = story.with_policy(hold=timedelta(seconds=2)).rival()
    story.world.further.append(attempt_workflow_id(holder.attempt.attempt_id))
    await holder.reserve()
    story.attempt = story.attempt.model_copy(update={"may_wait": True})
    await story.reserve()
    await story.until_phase(Phase.HELD)
    await story.until_told("seat_freed")
    await holder.workflow.result()
    await story.do(m.Cancel, reason="ill")
    await story.workflow.result()


async def reopened(story: Story) -> None:
    """Handed in by mistake and reopened while a grader is awaited; then late answers are accepted."""
    story.world.manual = (new_id(),)
    await soon(story).go_to(Phase.SUBMITTED)
    await story.open_review(ReviewKind.ESSAY)
    await story.do(Reopen, time=timedelta(minutes=10), reason="the mouse slipped")
    await eventually(lambda: bool(story.world.reopened_feeds))
    await story.do(m.Pause, reason="fire alarm")
    await story.do(m.Terminate, reason="left the room")
    await story.do(m.Reactivate, reason="the proctor was wrong")
    await story.do(m.Submit)
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is Integrity.NONE)
    story.world.manual = ()
    await story.do(AcceptLate, within=timedelta(minutes=5), reason="the network was down")
    await story.until(
        lambda seen: seen.marking is Marking.MARKED and "marked round 3" in story.world.published
    )
    await story.do(m.ReleaseResult)
    await story.workflow.result()


STORIES: dict[str, Callable[[Story], Awaitable[None]]] = {
    story.__name__: story
    for story in (
        expired,
        cancelled,
        absent,
        voided,
        terminated,
        appealed,
        compensated,
        kept,
        helped,
        waited,
        reopened,
    )
}


def soon(story: Story) -> Story:
    """An exam that begins now and whose appeal window is over in seconds."""
    return story.with_slot(timedelta(seconds=1)).with_policy(
        appeal_window=timedelta(seconds=5), cancel_cut_off=timedelta(0)
    )


def incident(story: Story, kind: IncidentKind) -> IncidentSignal:
    return IncidentSignal(
        incident_id=new_id(), kind=kind, severity=SEVERITY[kind], confidence=0.9, started_at=story.now
    )


async def tell(env: WorkflowEnvironment, name: str) -> dict[str, WorkflowHistory]:
    """Run a story on the development server; its histories by what they are of."""
    world = World()
    async with working(env.client, world):
        story = await Story.begin(env, world)
        await STORIES[name](story)
        await eventually(lambda: story.attempt.attempt_id in {e.attempt_id for e in world.exported})
        own = next(e.workflow_ids for e in world.exported if e.attempt_id == story.attempt.attempt_id)
        ids = [*own, retention_workflow_id(story.attempt.attempt_id), *world.further]
        return {f"{name}-{of}": history for of, history in (await _histories(env, ids)).items()}


async def _histories(env: WorkflowEnvironment, ids: list[str]) -> dict[str, WorkflowHistory]:
    """Numbered by type, run by run, in the order they began; retention is recorded as it waits."""
    found: dict[str, WorkflowHistory] = {}
    for workflow_id in ids:
        kind = workflow_id.split(":")[0]
        for run_id in await _runs(env, workflow_id):
            number = 1 + sum(name.startswith(kind) for name in found)
            handle = env.client.get_workflow_handle(workflow_id, run_id=run_id)
            found[f"{kind}-{number}"] = await handle.fetch_history()
    return found


async def _runs(env: WorkflowEnvironment, workflow_id: str) -> list[str]:
    """All runs, oldest first, by following the chain back from the newest."""
    runs: list[str] = []
    newest = await env.client.get_workflow_handle(workflow_id).describe()
    assert newest.status in CLOSED_OR_KEPT
    run_id: str | None = newest.run_id
    while run_id:
        runs.insert(0, run_id)
        history = await env.client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return runs


async def record(names: list[str]) -> None:
    """Run the named stories, or all, and write their histories and fingerprints."""
    prints: dict[str, list[str]] = json.loads(FINGERPRINTS.read_text()) if FINGERPRINTS.exists() else {}
    async with development() as env:
        for name in names or list(STORIES):
            for stale in FOLDER.glob(f"{name}-*.json"):
                stale.unlink()
                prints.pop(stale.stem, None)
            for of, history in (await tell(env, name)).items():
                (FOLDER / f"{of}.json").write_text(history.to_json() + "\n")
                prints[of] = fingerprint(history)
    FINGERPRINTS.write_text(json.dumps(dict(sorted(prints.items())), indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:]))
