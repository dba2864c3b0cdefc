"""Whether a rule could be judged in time: an incident that was found long after it opened helped no proctor."""

from datetime import datetime, timedelta

IN_TIME = timedelta(seconds=15)  # a detector that keeps up writes an incident down within a few seconds


def late_by(opened_at: datetime, found_at: datetime) -> float | None:
    """By how many seconds it was found too late, `opened_at` being its picture's time; None where it was in time."""
    late = found_at - opened_at
    return round(late.total_seconds(), 1) if late > IN_TIME else None
