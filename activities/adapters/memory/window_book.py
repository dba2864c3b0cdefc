"""The in-memory twin of the WindowBook."""

from activities.adapters.memory.corrections import MemoryCorrections
from schema.fence import is_newer
from schema.lifecycle import WindowProjection


class MemoryWindowBook:
    """Implements WindowBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def project(self, projection: WindowProjection) -> None:
        """Write the window unless what is written is as new."""
        known = self._corrections.windows.get(projection.attempt_id)
        if known is None or is_newer(projection, known):
            self._corrections.windows[projection.attempt_id] = projection
            if projection.is_open:
                self._corrections.sealed.discard(projection.attempt_id)
