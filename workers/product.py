"""The parts of the product on one machine, and how each is known to be ready."""

import sys
from collections.abc import Awaitable, Callable

import httpx
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from schema.queue import Queue
from schema.settings import Settings
from workers.part import Part

Probe = Callable[[], Awaitable[bool]]

# The name of the parts that serve a queue, or how their names begin.
PART_OF = {
    Queue.LIFECYCLE: "worker-lifecycle",
    Queue.IO: "worker-io",
    Queue.BATCH: "worker-io",
    Queue.ML: "worker-ml",
}

PYTHON = (sys.executable, "-u", "-m")


def worker_parts(settings: Settings) -> tuple[Part, ...]:
    """One process for the lifecycle, one for input and output, and one per core for detection."""
    light = Part("worker-lifecycle", (*PYTHON, "workers", "work", Queue.LIFECYCLE))
    slow = Part("worker-io", (*PYTHON, "workers", "work", Queue.IO, Queue.BATCH))
    watching = (
        Part(f"worker-ml-{number}", (*PYTHON, "workers", "work", Queue.ML))
        for number in range(1, settings.ml_processes + 1)
    )
    return (light, slow, *watching)


def api_part() -> Part:
    """All parts of the API in one process."""
    return Part("api", (*PYTHON, "api"))


def api_probe(settings: Settings) -> Probe:
    """Ready when the API says that its databases and Temporal answer."""

    async def is_ready() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.get(f"{settings.internal_api_url}/readyz", timeout=30)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    return is_ready


def queue_probe(client: Client, queue: Queue) -> Probe:
    """Ready when somebody polls the queue."""

    async def is_ready() -> bool:
        request = DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        )
        return bool((await client.workflow_service.describe_task_queue(request)).pollers)

    return is_ready
