"""Against the development server: what operators search and read, new runs, outages, and histories as files."""

import asyncio
import json
from datetime import timedelta

import pytest
from temporalio.client import WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.testing import WorkflowEnvironment

from activities.adapters.temporal import TemporalHistory, TemporalSignaller
from schema import lifecycle as m
from schema.attempt import Phase
from schema.ending import AttemptOutcome
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id, new_id
from schema.incident import SEVERITY, IncidentKind, IncidentSignal
from schema.machine import ActorRole
from schema.outcome import Integrity, Marking
from schema.queue import Queue, SearchName
from tests.workflows.recording import soon
from tests.workflows.server import development
from tests.workflows.story import Story, slot_from
from tests.workflows.worker import working
from tests.workflows.world import World
from workflows.attempt import AttemptWorkflow


async def test_reserving_is_one_call(real_story: Story) -> None:
    attempt = real_story.attempt
    actor = m.Actor(role=ActorRole.STUDENT, person_id=attempt.student_id)

    def start() -> WithStartWorkflowOperation[AttemptWorkflow, AttemptOutcome]:
        return WithStartWorkflowOperation(
            AttemptWorkflow.run,
            attempt,
            id=attempt_workflow_id(attempt.attempt_id),
            task_queue=Queue.LIFECYCLE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )

    views = [
        await real_story.env.client.execute_update_with_start_workflow(
            AttemptWorkflow.reserve,
            m.Reserve(operation_id="reserve-1", actor=actor),
            start_workflow_operation=start(),
            id="reserve-1",
        )
        for _ in range(2)
    ]

    assert [view.phase for view in views] == [Phase.HELD, Phase.HELD]
    assert len(real_story.world.holders) == 1


async def test_operators_see_where_an_attempt_stands(real_story: Story) -> None:
    found = IncidentSignal(
        incident_id=new_id(),
        kind=IncidentKind.MULTIPLE_FACES,
        severity=SEVERITY[IncidentKind.MULTIPLE_FACES],
        confidence=1.0,
        started_at=real_story.now,
    )
    real_story.world.incidents = (found,)
    await soon(real_story).go_to(Phase.SUBMITTED)
    await real_story.until(lambda seen: seen.integrity is Integrity.PENDING)

    described = await real_story.workflow.describe()

    attributes = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    assert attributes[SearchName.PHASE] == "submitted"
    assert attributes[SearchName.INTEGRITY] == "pending"
    assert attributes[SearchName.RISK] == "high"
    assert attributes[SearchName.EXAM] == str(real_story.attempt.exam_id)


async def test_a_long_wait_continues_as_new_and_keeps_what_was_applied(world: World) -> None:
    async with development("limit.historyCount.suggestContinueAsNew=40") as env, working(env.client, world):
        story = await Story.begin(env, world)
        await story.go_to(Phase.RESERVED)
        first_run = story.workflow.first_execution_run_id
        slots = [slot_from(story.now + timedelta(days=days)) for days in range(3, 8)]

        for number, slot in enumerate(slots):
            await story.do(m.MoveSlot, slot=slot, operation_id=f"move-{number}")
        before = world.story.copy()
        await story.until_another_run(first_run)
        again = await story.do(m.MoveSlot, slot=slots[0], operation_id="move-0", update_id="again")

        assert again.slot_id == slots[-1].slot_id
        assert world.story == before
        assert world.story.count("reserved") == 6
        await story.do(m.Cancel)
        assert (await story.workflow.result()).phase is Phase.CANCELLED


async def test_workers_away_across_the_deadline(server: WorkflowEnvironment, world: World) -> None:
    story = soon(await Story.begin(server, world)).with_policy(duration=timedelta(seconds=3))
    async with working(server.client, world):
        view = await story.go_to(Phase.IN_PROGRESS)
    assert view.deadline_at is not None

    await story.pass_until(view.deadline_at + timedelta(seconds=1))
    async with working(server.client, world):
        with pytest.raises(WorkflowUpdateFailedError):
            await story.do(m.Extend, by=timedelta(minutes=5))
        ended = await story.until(lambda seen: seen.marking is Marking.MARKED)
        await story.until_told("submitted")

    assert ended.submitted_at == view.deadline_at
    assert world.told.count("submitted") == 1
    assert world.story.count("submitted") == 1


async def test_histories_of_every_run_are_exported_once_closed(real_story: Story) -> None:
    histories = TemporalHistory(real_story.env.client)
    await soon(real_story).with_policy(appeal_window=timedelta(seconds=1)).go_to(Phase.SUBMITTED)

    with pytest.raises(Failure) as early:
        await histories.export(real_story.workflow.id)
    await real_story.until(lambda s: s.marking is Marking.MARKED and s.integrity is Integrity.NONE)
    await real_story.do(m.ReleaseResult)
    await real_story.workflow.result()
    runs = await _exported(histories, real_story.workflow.id)

    assert early.value.type is FailureType.UNAVAILABLE
    assert len(runs) == 2
    assert all(json.loads(history)["events"] for _, history in runs)
    with pytest.raises(Failure) as unknown:
        await histories.export("attempt:unknown")
    assert unknown.value.type is FailureType.NOT_FOUND


async def _exported(histories: TemporalHistory, workflow_id: str) -> list[tuple[str, bytes]]:
    """As the activity does: again until the server's list knows the workflow as closed."""
    for _ in range(200):
        try:
            return list(await histories.export(workflow_id))
        except Failure as failure:
            if failure.type is not FailureType.UNAVAILABLE:
                raise
            await asyncio.sleep(0.05)
    raise AssertionError(f"{workflow_id} is never listed as closed")


async def test_a_signal_to_a_workflow_that_is_gone_is_no_error(real_story: Story) -> None:
    signaller = TemporalSignaller(real_story.env.client)

    delivered = await signaller.signal(new_id(), "watch_started", "")  # type: ignore[func-returns-value]

    assert delivered is None
