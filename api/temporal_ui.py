"""Addresses of the pages of Temporal's own web UI, for the people who operate."""

from dataclasses import dataclass
from urllib.parse import quote

from schema.queue import Queue, WorkflowType
from schema.settings import Settings


@dataclass(frozen=True, slots=True)
class TemporalUi:
    """`root` is the page of the namespace."""

    root: str

    @classmethod
    def of(cls, settings: Settings) -> "TemporalUi":
        """The UI that these settings name."""
        address = settings.temporal_ui_url.rstrip("/")
        return cls(f"{address}/namespaces/{_part(settings.temporal_namespace)}")

    def workflow(self, workflow_id: str, run_id: str) -> str:
        """One run's history."""
        return f"{self.root}/workflows/{_part(workflow_id)}/{_part(run_id)}/history"

    def workflows(self, kind: WorkflowType) -> str:
        """All workflows of a type."""
        query = f'`WorkflowType`="{kind}"'
        return f"{self.root}/workflows?query={_part(query)}"

    def queue(self, queue: Queue) -> str:
        """Who works on a task queue."""
        return f"{self.root}/task-queues/{_part(queue)}"


def _part(text: str) -> str:
    return quote(text, safe="")
