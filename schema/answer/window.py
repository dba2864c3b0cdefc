"""The clock as it is projected to where answers live."""

from datetime import datetime
from uuid import UUID

from schema.attempt import Phase
from schema.model import Message


class WindowProjection(Message):
    """The deadline where answers live: open or closed, as of `clock_version`.

    While the clock stands `deadline_at` is None and `stopped_at` is set. `phase` says why it stands or is closed.
    """

    attempt_id: UUID
    exam_id: UUID
    student_id: UUID
    organisation_id: UUID
    cohort_id: UUID | None = None
    generation: int = 0
    base: int | None = None
    version: int
    is_open: bool
    started_at: datetime | None
    deadline_at: datetime | None
    stopped_at: datetime | None
    closed_at: datetime | None = None
    clock_version: int
    phase: Phase | None = None
