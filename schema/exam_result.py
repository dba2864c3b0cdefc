"""One attempt's line in its exam's list of results."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ExamResult:
    """Marks of the newest completed round; None where there are none. Incidents count without technical ones.

    `counts` says whether it is the sitting that counts of its student's; None before it is handed in.
    """

    attempt_id: UUID
    student_id: UUID
    student_number: str
    student_name: str
    phase: str
    integrity: str
    release: str
    exam_version: int
    started_at: datetime | None
    submitted_at: datetime | None
    round_number: int | None
    earned: Decimal | None
    points: Decimal | None
    percent: Decimal | None
    passed: bool | None
    incidents: int
    risk: float
    counts: bool | None = None
