"""Temporal: the server, the namespace, how long it keeps what is closed, its search attributes, who works."""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from schema.queue import Queue, SearchName
from schema.settings import Settings
from workers.connection import connect
from workers.doctor.finding import About, Finding

ASK = timedelta(seconds=5)
SERVER = About("temporal", "server")
NAMESPACE = About("temporal", "namespace")
NAMES = About("temporal", "search attributes")


async def check(settings: Settings) -> Sequence[Finding]:
    """The namespace is asked for only where a server answers, the rest only where there is a namespace."""
    try:
        async with asyncio.timeout(ASK.total_seconds() * 2):
            client = await connect(settings)
    except (RuntimeError, TimeoutError) as trouble:
        return (_away(settings, trouble),)
    answers = SERVER.good(f"{settings.temporal_address} answers")
    try:
        kept = await _retention(client)
    except RPCError as error:
        return (answers, _no_namespace(settings, error))
    rest = (_kept(settings, kept), await _search_names(client))
    return (answers, *rest, *await asyncio.gather(*(_workers(client, queue) for queue in Queue)))


def _away(settings: Settings, trouble: Exception) -> Finding:
    if settings.temporal_embedded:
        return SERVER.off(
            f"nobody answers at {settings.temporal_address} now", "`make run` starts the embedded server."
        )
    refused = re.search(
        r'message: "([^"]+)"', str(trouble)
    )  # inside the many layers of the client's own words
    why = refused[1] if refused else str(trouble) or "it took too long"
    said = f"nobody answers at {settings.temporal_address}: {why}"
    return SERVER.bad(
        said, "Start the cluster, or mend TEMPORAL_ADDRESS. Nothing moves until then; nothing is lost."
    )


async def _retention(client: Client) -> timedelta:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    answer = await client.workflow_service.describe_namespace(request, timeout=ASK)
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


def _no_namespace(settings: Settings, error: RPCError) -> Finding:
    if error.status is RPCStatusCode.NOT_FOUND:
        name, days = settings.temporal_namespace, settings.temporal_retention_days
        make = f"temporal operator namespace create --namespace {name} --retention {days}d"
        return NAMESPACE.bad(f"there is no namespace {name}", f"Mend TEMPORAL_NAMESPACE, or: {make}")
    return NAMESPACE.bad(f"it cannot be read: {error.message}", "Look at the Temporal server's log.")


def _kept(settings: Settings, kept: timedelta) -> Finding:
    said = f"{settings.temporal_namespace} keeps closed workflows for {kept.days} days"
    if kept >= timedelta(days=settings.temporal_retention_days):
        return NAMESPACE.good(said)
    change = f"--namespace {settings.temporal_namespace} --retention {settings.temporal_retention_days}d"
    return NAMESPACE.doubt(
        f"{said}, the settings say {settings.temporal_retention_days}",
        f"temporal operator namespace update {change}",
    )


async def _search_names(client: Client) -> Finding:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        answer = await client.operator_service.list_search_attributes(request, timeout=ASK)
    except RPCError as error:
        return NAMES.doubt(
            f"they cannot be listed: {error.message}", "This account may not ask; see the server's log."
        )
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    missing = [name for name in SearchName if answer.custom_attributes.get(name) != keyword]
    if not missing:
        return NAMES.good(f"{', '.join(SearchName)} are there")
    make = f"temporal operator search-attribute create --namespace {client.namespace} --type Keyword --name"
    return NAMES.bad(f"missing: {', '.join(missing)}; no attempt can start", f"For each of them: {make} NAME")


async def pollers(client: Client, queue: Queue) -> Sequence[str]:
    """Who polls a queue for activities: `process@host` each."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    )
    answer = await client.workflow_service.describe_task_queue(request, timeout=ASK)
    return [poller.identity for poller in answer.pollers]


async def _workers(client: Client, queue: Queue) -> Finding:
    about = About("temporal", queue)
    try:
        working = await pollers(client, queue)
    except RPCError as error:
        return about.doubt(f"it cannot be described: {error.message}", "Look at the Temporal server's log.")
    if not working:
        return about.doubt("nobody works on it", f"Start a worker: python -m workers work {queue}")
    return about.good(f"{len(working)} at work")
