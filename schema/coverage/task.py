"""What the activity that measures coverage is asked."""

from datetime import datetime
from uuid import UUID

from schema.clock import ExamClock
from schema.model import Message


class MeasureCoverage(Message):
    """Of this attempt, whose clock ran so, until it was handed in."""

    attempt_id: UUID
    clock: ExamClock
    until: datetime
    minimum: float
