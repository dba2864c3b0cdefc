"""Watching: what is published, what is counted, who is alerted, and what happens when nobody watches."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from schema.failures import FailureType
from schema.ids import monitoring_workflow_id, new_id, recording_workflow_id
from schema.incident import SEVERITY, IncidentKind, IncidentSignal
from schema.queue import Queue
from schema.recording.task import ExportRecording, RecordingExported
from schema.risk import RiskPolicy
from schema.task import MonitoringInput, MonitoringResult
from tests.workflows.story import Story, eventually
from tests.workflows.worker import working
from tests.workflows.world import World
from workflows import tally
from workflows.monitoring import MonitoringWorkflow
from workflows.recording import RecordingWorkflow
from workflows.sitting import monitoring_input

Monitoring = WorkflowHandle[MonitoringWorkflow, MonitoringResult]


def incident(story: Story, kind: IncidentKind, confidence: float = 1.0) -> IncidentSignal:
    return IncidentSignal(
        incident_id=new_id(),
        kind=kind,
        severity=SEVERITY[kind],
        confidence=confidence,
        started_at=story.now,
    )


@pytest.fixture
def monitoring(story: Story) -> MonitoringInput:
    return monitoring_input(story.attempt)


async def started(env: WorkflowEnvironment, monitoring: MonitoringInput) -> Monitoring:
    return await env.client.start_workflow(
        MonitoringWorkflow.run,
        monitoring,
        id=monitoring_workflow_id(monitoring.attempt_id),
        task_queue=Queue.LIFECYCLE,
    )


async def test_it_counts_each_incident_once(story: Story, monitoring: MonitoringInput) -> None:
    face = incident(story, IncidentKind.FACE_ABSENT, 0.5)
    tab = incident(story, IncidentKind.TAB_CHANGE)
    handle = await started(story.env, monitoring)

    for name, fact in [
        ("incident_opened", face),
        ("incident_opened", face),
        ("incident_opened", tab),
        ("incident_closed", face.model_copy(update={"ended_at": story.now})),
    ]:
        await handle.signal(name, fact)
    await handle.signal(MonitoringWorkflow.attempt_ended)
    result = await handle.result()

    assert [found.kind for found in result.incidents] == [IncidentKind.FACE_ABSENT, IncidentKind.TAB_CHANGE]
    assert result.incidents[0].ended_at == story.now
    assert result.risk == 8 * 0.5 + 3
    assert (result.frames, result.unreadable) == (60, 1)
    assert story.world.published == ["monitoring_started", "monitoring_stopped"]
    assert story.world.alerts == []


async def test_proctors_are_alerted_once_per_crossing(story: Story, monitoring: MonitoringInput) -> None:
    faces = [incident(story, IncidentKind.FACE_ABSENT) for _ in range(4)]
    handle = await started(story.env, monitoring)

    for face in faces:
        await handle.signal("incident_opened", face)
    await handle.signal(MonitoringWorkflow.attempt_ended)
    result = await handle.result()

    assert result.risk == 32
    assert [alert.incident.incident_id for alert in story.world.alerts] == [faces[2].incident_id]
    assert [(notice.occasion, notice.audience) for notice in story.world.notices] == [
        ("high_risk", "proctors")
    ]


async def test_a_critical_incident_alerts_at_once(story: Story, monitoring: MonitoringInput) -> None:
    handle = await started(story.env, monitoring)

    await handle.signal("incident_opened", incident(story, IncidentKind.MULTIPLE_FACES, 0.2))
    await handle.signal(MonitoringWorkflow.attempt_ended)
    await handle.result()

    assert len(story.world.alerts) == 1
    assert story.world.alerts[0].risk == 4


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_recording_is_kept_where_the_exam_says_so(
    story: Story, monitoring: MonitoringInput, keeps: bool
) -> None:
    handle = await started(story.env, monitoring.model_copy(update={"keeps_recording": keeps}))
    await handle.signal(MonitoringWorkflow.attempt_ended)
    await handle.result()
    if keeps:
        recording = recording_workflow_id(monitoring.attempt_id)
        await story.env.client.get_workflow_handle(recording).result()

    wanted = [ExportRecording(attempt_id=monitoring.attempt_id, exam_id=monitoring.exam_id)] if keeps else []
    assert story.world.recordings == wanted


async def test_a_recording_that_cannot_be_made_ends_all_the_same(
    story: Story, monitoring: MonitoringInput
) -> None:
    story.world.trouble["export_recording"] = 1
    story.world.trouble_is = FailureType.INVALID
    request = ExportRecording(attempt_id=monitoring.attempt_id, exam_id=monitoring.exam_id)

    exported = await story.env.client.execute_workflow(
        RecordingWorkflow.run,
        request,
        id=recording_workflow_id(monitoring.attempt_id),
        task_queue=Queue.LIFECYCLE,
    )

    assert exported == RecordingExported()


async def test_presence_and_malformed_signals_do_no_harm(story: Story, monitoring: MonitoringInput) -> None:
    handle = await started(story.env, monitoring)

    await handle.signal("presence_lost")
    await handle.signal("incident_opened", "not an incident")
    await handle.signal("presence_back")
    await handle.signal(MonitoringWorkflow.attempt_ended)
    result = await handle.result()

    assert result.incidents == ()


@pytest.fixture
async def unwatched(skipping: WorkflowEnvironment, world: World) -> AsyncIterator[Story]:
    """Everything is at work but the detector."""
    queues = [queue for queue in Queue if queue is not Queue.ML]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(working(skipping.client, world, queues))
        yield await Story.begin(skipping, world)


async def test_nobody_watching_is_said_and_recorded(unwatched: Story) -> None:
    story, world = unwatched, unwatched.world
    impatient = {"detector_wait": timedelta(seconds=1)}
    handle = await started(story.env, monitoring_input(story.attempt).model_copy(update=impatient))

    await eventually(lambda: bool(world.detector_down) and bool(world.notices))
    async with working(story.env.client, world, [Queue.ML]):
        await handle.signal(MonitoringWorkflow.attempt_ended)
        await eventually(lambda: "monitoring_stopped" in world.published)
        result = await handle.result()

    down, up = world.detector_down
    assert down.until is None
    assert up.since == down.since
    assert up.until is not None
    assert up.until - down.since >= timedelta(seconds=1)
    assert [(notice.occasion, notice.audience) for notice in world.notices] == [("detector_down", "proctors")]
    assert result.frames == 60
    assert result.incidents == ()


async def test_a_refused_watching_is_said_and_tried_again(story: Story, monitoring: MonitoringInput) -> None:
    story.world.trouble["watch"], story.world.trouble_is = 1, FailureType.UNAUTHENTICATED
    handle = await started(story.env, monitoring)

    await eventually(lambda: bool(story.world.detector_down))
    await handle.signal(MonitoringWorkflow.attempt_ended)
    result = await handle.result()

    down, up = story.world.detector_down
    assert (down.until, up.since) == (None, down.since)
    assert [notice.occasion for notice in story.world.notices] == ["detector_down"]
    assert result.frames == 60


def signal(kind: IncidentKind) -> IncidentSignal:
    started_at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    return IncidentSignal(
        incident_id=new_id(), kind=kind, severity=SEVERITY[kind], confidence=1.0, started_at=started_at
    )


def test_a_flood_of_small_incidents_is_capped() -> None:
    counted = tally.Tally(RiskPolicy())
    for _ in range(tally.SIGNALS_KEPT):
        counted.add(signal(IncidentKind.PASTE))

    counted.add(signal(IncidentKind.FOCUS_LOST))
    counted.add(signal(IncidentKind.FORBIDDEN_OBJECT))

    assert len(counted.incidents) == tally.SIGNALS_KEPT + 1
    assert counted.incidents[-1].kind is IncidentKind.FORBIDDEN_OBJECT


async def test_somebody_watching_again_ends_it(unwatched: Story) -> None:
    world = unwatched.world
    impatient = {"detector_wait": timedelta(seconds=1)}
    handle = await started(unwatched.env, monitoring_input(unwatched.attempt).model_copy(update=impatient))
    await eventually(lambda: bool(world.detector_down))

    await handle.signal("watch_started")
    await handle.signal("watch_started")
    await eventually(lambda: len(world.detector_down) == 2)

    assert [down.until is None for down in world.detector_down] == [True, False]
