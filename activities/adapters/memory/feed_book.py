"""The in-memory twin of the FeedBook."""

from uuid import UUID

from activities.adapters.memory.monitoring import MemoryFeed, MemoryMonitoring
from schema.task import OpenFeed


class MemoryFeedBook:
    """Implements FeedBook."""

    def __init__(self, monitoring: MemoryMonitoring) -> None:
        self._monitoring = monitoring

    async def open(self, request: OpenFeed) -> None:
        """Let tickets be given; a feed that has got its final offset stays closed."""
        feed = self._monitoring.feeds.setdefault(request.attempt_id, MemoryFeed(request))
        feed.opens = feed.opens or feed.final_offset is None

    async def reopen(self, request: OpenFeed) -> None:
        """Let tickets be given again, also where the stream had got its final offset."""
        feed = self._monitoring.feeds.setdefault(request.attempt_id, MemoryFeed(request))
        feed.opens, feed.final_offset = True, None

    async def close(self, attempt_id: UUID) -> None:
        """Give no more tickets; a feed that never opened is no error."""
        if attempt_id in self._monitoring.feeds:
            self._monitoring.feeds[attempt_id].opens = False
