"""What Temporal says of a task queue: how much waits there and who works on it."""

from datetime import timedelta

from pydantic import BaseModel, Field
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, DescribeTaskQueueResponse
from temporalio.client import Client

from api.context import utc_now
from api.workflow import QUERY_SECONDS, translated
from schema.queue import Queue

# A worker asks again after a minute at most; Temporal remembers one that is gone for five.
ALIVE = timedelta(minutes=2)
KINDS = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


class QueueState(BaseModel):
    """Workflow and activity tasks together; Temporal's counts are approximate."""

    queue: Queue
    backlog: int = Field(description="Tasks that no worker has taken yet")
    oldest_seconds: float = Field(description="How long the oldest of them waits")
    workers: list[str] = Field(description="Who has asked for tasks in the last two minutes: `process@host`")


async def queue_state(client: Client, queue: Queue) -> QueueState:
    """Raises UNAVAILABLE when Temporal does not answer."""
    async with translated(QUERY_SECONDS):
        found = [await _described(client, queue, kind) for kind in KINDS]
    alive = utc_now() - ALIVE
    workers = {
        poller.identity
        for one in found
        for poller in one.pollers
        if poller.last_access_time.ToDatetime(alive.tzinfo) > alive
    }
    return QueueState(
        queue=queue,
        backlog=sum(one.stats.approximate_backlog_count for one in found),
        oldest_seconds=max(one.stats.approximate_backlog_age.ToTimedelta() for one in found).total_seconds(),
        workers=sorted(workers),
    )


async def _described(
    client: Client, queue: Queue, kind: TaskQueueType.ValueType
) -> DescribeTaskQueueResponse:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind, report_stats=True
    )
    return await client.workflow_service.describe_task_queue(request)
