"""The in-memory twin of the RecordFeed."""

import asyncio
from collections import defaultdict
from uuid import UUID

from activities.ports import FeedPage
from schema.record import Record


class MemoryRecordFeed:
    """Implements RecordFeed over lists; `add` and `end` play the API node."""

    def __init__(self) -> None:
        self._records: dict[UUID, list[Record]] = defaultdict(list)
        self._ended: set[UUID] = set()
        self._news = asyncio.Event()

    def add(self, attempt_id: UUID, *records: Record) -> None:
        """Records are durable now; their offsets follow those before."""
        self._records[attempt_id].extend(records)
        self._tell()

    def end(self, attempt_id: UUID) -> None:
        """No record follows."""
        self._ended.add(attempt_id)
        self._tell()

    async def read(self, attempt_id: UUID, after: int, limit: int, wait: float) -> FeedPage:
        """Up to `limit` records with offset > `after`; waits up to `wait` seconds for the first."""
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            page = self._page(attempt_id, after, limit)
            left = deadline - asyncio.get_running_loop().time()
            if page.records or page.is_final or left <= 0:
                return page
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                return self._page(attempt_id, after, limit)

    def _page(self, attempt_id: UUID, after: int, limit: int) -> FeedPage:
        left = [record for record in self._records[attempt_id] if record.offset > after]
        is_final = attempt_id in self._ended and len(left) <= limit
        return FeedPage(tuple(left[:limit]), is_final)

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
