"""Workers for tests: the real workflows, runner and interceptor, over the fakes of a World."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.cohort import CohortActivities
from activities.coverage.activity import CoverageActivities
from activities.failure import FailureInterceptor
from activities.incident import IncidentActivities
from activities.outage import OutageActivities
from activities.projection import ProjectionActivities
from activities.review import ReviewActivities
from activities.seat import SeatActivities
from schema.queue import Queue
from tests.workflows.world import (
    BooksInMemory,
    CoverageInMemory,
    FeedsInMemory,
    IncidentsInMemory,
    OutagesInMemory,
    ReviewsInMemory,
    SeatsInMemory,
    StandIns,
    StumblingCommander,
    WindowsInMemory,
    World,
)
from workers.runner import workflow_runner
from workflows.attempt import AttemptWorkflow
from workflows.cohort import CohortWorkflow
from workflows.grading import GradingWorkflow
from workflows.monitoring import MonitoringWorkflow
from workflows.recording import RecordingWorkflow
from workflows.retention import RetentionWorkflow
from workflows.review import ReviewWorkflow
from workflows.search import EXAM, INTEGRITY, PHASE, RISK

SEARCH_ATTRIBUTES = (EXAM, PHASE, INTEGRITY, RISK)
WORKFLOWS = (
    AttemptWorkflow, MonitoringWorkflow, GradingWorkflow, ReviewWorkflow, RetentionWorkflow, CohortWorkflow,
    RecordingWorkflow,
)  # fmt: skip

Activity = Callable[..., Any]


def server_time() -> datetime:
    """Now, where time is skipped."""
    return activity.info().started_time


def activities(world: World, client: Client) -> dict[Queue, Sequence[Activity]]:
    """All activities by queue."""
    seats = SeatActivities(SeatsInMemory(world))
    mirror = ProjectionActivities(BooksInMemory(world), WindowsInMemory(world), FeedsInMemory(world))
    incidents = IncidentActivities(IncidentsInMemory(world))
    stand_ins = StandIns(world, client)
    cohort = CohortActivities(world.operations, StumblingCommander(world, client))
    light = (
        seats.hold_seat, seats.move_seat, seats.release_seat,
        mirror.project_attempt, mirror.project_window, mirror.open_feed, mirror.reopen_feed, mirror.close_feed,
        incidents.publish_start, incidents.publish_end, incidents.raise_alert,
        incidents.record_rulings, incidents.record_detector_down,
        CoverageActivities(CoverageInMemory(world)).measure_coverage,
        OutageActivities(OutagesInMemory(world), now=server_time).settle_outages,
        ReviewActivities(ReviewsInMemory(world)).project_review,
        stand_ins.mark_automatically, stand_ins.accept_late, stand_ins.write_essay, stand_ins.complete_round,
        cohort.next_attempts, cohort.ask_one, cohort.record_silence, cohort.finish_operation,
    )  # fmt: skip
    heavy = (
        stand_ins.notify, stand_ins.write_report,
        stand_ins.delete_data, stand_ins.write_receipt, stand_ins.is_on_hold,
    )  # fmt: skip
    return {
        Queue.LIFECYCLE: light,
        Queue.IO: heavy,
        Queue.ML: (stand_ins.watch_attempt,),
        Queue.BATCH: (stand_ins.export_histories, stand_ins.export_recording),
    }


@asynccontextmanager
async def working(
    client: Client, world: World, queues: Sequence[Queue] = tuple(Queue)
) -> AsyncIterator[None]:
    """Workers of these queues, until the block ends."""
    by_queue = activities(world, client)
    async with AsyncExitStack() as stack:
        for queue in queues:
            worker = Worker(
                client,
                task_queue=queue,
                identity="tests",
                # The next worker of a test takes over at once.
                sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
                workflows=WORKFLOWS if queue is Queue.LIFECYCLE else (),
                activities=by_queue[queue],
                workflow_runner=workflow_runner(),
                interceptors=[FailureInterceptor()],
            )
            await stack.enter_async_context(worker)
        yield
