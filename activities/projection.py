"""Mirrors an attempt's workflow to where others read it: the read model, the answer window, the stream's feed."""

from temporalio import activity

from activities.ports import AttemptBook, FeedBook, WindowBook
from schema.lifecycle import AttemptProjection, WindowProjection
from schema.task import CloseFeed, OpenFeed


class ProjectionActivities:
    """Idempotent by attempt and version: the same version again changes nothing, an older one is ignored."""

    def __init__(self, attempts: AttemptBook, windows: WindowBook, feeds: FeedBook) -> None:
        self._attempts = attempts
        self._windows = windows
        self._feeds = feeds

    @activity.defn
    async def project_attempt(self, projection: AttemptProjection) -> None:
        """Write row, moves and events."""
        await self._attempts.project(projection)

    @activity.defn
    async def project_window(self, projection: WindowProjection) -> None:
        """Write the clock where answers live."""
        await self._windows.project(projection)

    @activity.defn
    async def open_feed(self, request: OpenFeed) -> None:
        """Let the attempt's browser stream."""
        await self._feeds.open(request)

    @activity.defn
    async def reopen_feed(self, request: OpenFeed) -> None:
        """Let the browser of a reopened attempt stream again."""
        await self._feeds.reopen(request)

    @activity.defn
    async def close_feed(self, request: CloseFeed) -> None:
        """Take no more records; what was accepted is still analysed."""
        await self._feeds.close(request.attempt_id)
