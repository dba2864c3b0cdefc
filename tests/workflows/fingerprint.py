"""The fingerprint of a history: the commands its workflow gave, in order, without ids, times or payloads.

When an update arrives is its sender's doing, so updates are not part of it; what they make a workflow do is.
"""

from collections.abc import Iterator
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

_NAMED = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: ("activity", "activity_task_scheduled"),
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: (
        "child",
        "start_child_workflow_execution_initiated",
    ),
}
_PLAIN = {
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
    EventType.EVENT_TYPE_TIMER_CANCELED: "cancel timer",
    EventType.EVENT_TYPE_MARKER_RECORDED: "marker",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "search attributes",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continue as new",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "complete",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "fail",
}


def fingerprint(history: WorkflowHistory) -> list[str]:
    """One line per command."""
    return [line for event in history.events for line in _lines(event)]


def _lines(event: Any) -> Iterator[str]:
    if event.event_type in _NAMED:
        word, attributes = _NAMED[event.event_type]
        found = getattr(event, f"{attributes}_event_attributes")
        named = found.activity_type if word == "activity" else found.workflow_type
        yield f"{word} {named.name}"
    elif event.event_type == EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
        signalled = event.signal_external_workflow_execution_initiated_event_attributes
        yield f"signal {signalled.signal_name}"
    elif event.event_type in _PLAIN:
        yield _PLAIN[event.event_type]
