"""Tasks of watching, for tests."""

from uuid import UUID

from schema.ids import DEFAULT_ORGANISATION
from schema.incident import DetectionPolicy
from schema.task import WatchTask


def watch_task(attempt_id: UUID) -> WatchTask:
    """Watch this attempt with the default policy."""
    return WatchTask(
        attempt_id=attempt_id,
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=UUID(int=1),
        student_id=UUID(int=2),
        cohort_id=None,
        detection=DetectionPolicy(),
        rules_version="1",
        model_version="test",
    )
