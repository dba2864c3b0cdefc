"""Writes again what a database has lost, from the histories of the workflows that wrote it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.service import RPCError

from activities.adapters.temporal_failure import NotRunning, failure_of
from activities.ports import MailPauses
from schema.failures import Failure
from schema.ids import attempt_workflow_id

LOG = logging.getLogger(__name__)

STARTED_CHILD = EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
COMPLETED = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED


@dataclass(frozen=True, slots=True)
class Write:
    """How an activity's work is done again: it must bear being done twice, and undo nothing newer."""

    message: type[Any]
    again: Callable[[Any], Awaitable[object]]
    is_mail: bool = False  # not done again where it was done in a pause, for then nothing was sent


class TemporalRecovery:
    """Implements Recovery, over the writes by the names of their activities."""

    def __init__(self, client: Client, writes: Mapping[str, Write], pauses: MailPauses) -> None:
        self._client = client
        self._writes = writes
        self._pauses = pauses

    async def recover(self, attempt_id: UUID) -> int:
        """The attempt first, then its children in the order they were started: rows of theirs build on its own."""
        waiting, seen, count = [attempt_workflow_id(attempt_id)], set[str](), 0
        pause = await self._pauses.paused()
        paused_at = pause.began_at if pause else None
        while waiting:
            workflow_id = waiting.pop(0)
            if workflow_id in seen or workflow_id.startswith("retention:"):
                continue
            seen.add(workflow_id)
            try:
                done, children = await self._repeat(workflow_id, paused_at)
            except RPCError as error:
                failure = failure_of(error)
                if isinstance(failure, NotRunning):
                    continue
                raise failure from error
            count += done
            waiting += children
        return count

    async def _repeat(self, workflow_id: str, paused_at: datetime | None) -> tuple[int, list[str]]:
        count, children = 0, []
        async for events in self._runs(workflow_id):
            ended = {
                event.activity_task_completed_event_attributes.scheduled_event_id: event.event_time
                for event in events
                if event.event_type == COMPLETED
            }
            for event in events:
                if event.event_type == STARTED_CHILD:
                    children.append(
                        event.start_child_workflow_execution_initiated_event_attributes.workflow_id
                    )
                if event.event_type == SCHEDULED and event.event_id in ended:
                    is_in_pause = paused_at is not None and ended[event.event_id].ToDatetime(UTC) >= paused_at
                    count += await self._write(event, is_in_pause=is_in_pause)
        return count, children

    async def _runs(self, workflow_id: str) -> AsyncIterator[list[HistoryEvent]]:
        runs = [found async for found in self._client.list_workflows(f"WorkflowId = '{workflow_id}'")]
        for run in sorted(runs, key=lambda run: run.start_time):
            handle = self._client.get_workflow_handle(workflow_id, run_id=run.run_id)
            yield [event async for event in handle.fetch_history_events()]

    async def _write(self, event: HistoryEvent, *, is_in_pause: bool) -> int:
        scheduled = event.activity_task_scheduled_event_attributes
        write = self._writes.get(scheduled.activity_type.name)
        if write is None or (write.is_mail and is_in_pause):
            return 0
        (message,) = await self._client.data_converter.decode(scheduled.input.payloads, [write.message])
        try:
            await write.again(message)
        except Failure as failure:
            LOG.warning("%s is not done again: %s", scheduled.activity_type.name, failure.message)
            return 0
        return 1
