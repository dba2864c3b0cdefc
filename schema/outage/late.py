"""Which late answers count after all: those that came while nobody had closed an attempt whose deadline then moved."""

from schema.fence import end_of
from schema.lifecycle import WindowProjection


def counts_late_ones(before: WindowProjection, after: WindowProjection) -> bool:
    """Whether writing went on without an end: open before and after, with a later deadline or none by now."""
    if not (before.is_open and after.is_open) or before.deadline_at is None:
        return False
    end = end_of(after)
    return end is None or end > before.deadline_at
