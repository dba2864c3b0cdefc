"""Whether a student's time fits into a slot that ends the exam."""

from datetime import datetime, timedelta
from decimal import Decimal

from schema.exam import ExamPolicy


def missing_time(
    policy: ExamPolicy, factor: Decimal, starts_at: datetime, ends_at: datetime
) -> timedelta | None:
    """How much of duration x accommodation the slot takes even from who begins at once; None where all of it fits."""
    if not policy.cap_at_slot_end:
        return None
    needed = timedelta(seconds=int(Decimal(int(policy.duration.total_seconds())) * factor))
    missing = needed - (ends_at - starts_at)
    return missing if missing > timedelta(0) else None
