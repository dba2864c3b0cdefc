"""Which processes ask a task queue for work."""

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from schema.queue import Queue


async def polling_processes(client: Client, queue: Queue) -> set[int]:
    """Process ids, also of those that died a while ago: a server forgets pollers after minutes."""
    kinds = [TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY]
    if queue is Queue.LIFECYCLE:
        kinds.append(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
    found = [await _pollers(client, queue, kind) for kind in kinds]
    return set.intersection(*found)


async def _pollers(client: Client, queue: Queue, kind: TaskQueueType.ValueType) -> set[int]:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
    )
    answer = await client.workflow_service.describe_task_queue(request)
    return {_process(poller) for poller in answer.pollers}


def _process(poller: PollerInfo) -> int:
    """The SDK names itself `{process id}@{host}`."""
    return int(poller.identity.partition("@")[0])
