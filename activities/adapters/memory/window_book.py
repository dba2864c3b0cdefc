"""The in-memory twin of the WindowBook."""

from activities.adapters.memory.corrections import MemoryCorrections
from schema.fence import GRACE, end_of, is_newer
from schema.grading import AnswerStanding
from schema.lifecycle import WindowProjection
from schema.orphan import forked_window, is_forked_window
from schema.outage.late import counts_late_ones


class MemoryWindowBook:
    """Implements WindowBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def project(self, projection: WindowProjection) -> None:
        """Write the window unless what is written is as new. Raises CONFLICT."""
        known = self._corrections.windows.get(projection.attempt_id)
        if known is not None and is_forked_window(projection, known):
            raise forked_window(projection)
        if known is None or is_newer(projection, known):
            if known is not None and counts_late_ones(known, projection):
                self._count_in_time(projection)
            self._corrections.windows[projection.attempt_id] = projection
            if projection.is_open:
                self._corrections.sealed.discard(projection.attempt_id)

    def _count_in_time(self, window: WindowProjection) -> None:
        kept, end = self._corrections, end_of(window)
        for key, late in sorted(kept.late.items()):
            in_time = end is None or late.received_at <= end + GRACE
            if key[0] != window.attempt_id or key in kept.accepted or not in_time:
                continue
            counted = kept.answers.get(key[:2])
            if counted is None or (counted.epoch, counted.revision) < key[2:]:
                kept.answers[key[:2]] = late.model_copy(update={"standing": AnswerStanding.COUNTED})
            del kept.late[key]
