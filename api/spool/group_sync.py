"""Writes what waits in all segments of the node, and syncs each once per round: many records, one sync."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from api.spool.open_segment import OpenSegment, Waiting

GATHER = timedelta(milliseconds=10)
TARGET = timedelta(milliseconds=50)
FULL_LOAD = 10
_BUSY_ROUND = 10 * TARGET.total_seconds()  # a round this long is load 10

Round = Sequence[tuple[OpenSegment, Waiting]]


class GroupSync:
    """One thread for all segments: while it syncs one round, the next one gathers."""

    def __init__(self, gather: timedelta = GATHER) -> None:
        self._gather = gather.total_seconds()
        self._dirty: set[OpenSegment] = set()
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool-sync")
        self._smoothed = 0.0

    @property
    def load(self) -> int:
        """0 idle to 10 full, from how long a round takes."""
        return min(FULL_LOAD, int(FULL_LOAD * self._smoothed / _BUSY_ROUND))

    def add(self, segment: OpenSegment) -> None:
        """This segment has records waiting."""
        self._dirty.add(segment)
        self._wake.set()

    async def run(self) -> None:
        """Write rounds until cancelled; what was added before is written even then."""
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(self._gather)
                await self._write_round()
        finally:
            await asyncio.shield(self._write_round())
            self._thread.shutdown()

    def write(self, work: Round) -> list[OSError | None]:
        """Write and sync a round, in the thread; what went wrong, per segment."""
        return [_written(segment, taken) for segment, taken in work]

    async def _write_round(self) -> None:
        self._wake.clear()
        dirty, self._dirty = self._dirty, set()
        work = [(segment, segment.take()) for segment in dirty]
        loop = asyncio.get_running_loop()
        began = time.monotonic()
        troubles = await loop.run_in_executor(self._thread, self.write, work)
        self._smoothed += 0.2 * (time.monotonic() - began - self._smoothed)
        for (segment, taken), trouble in zip(work, troubles, strict=True):
            segment.settle(taken, trouble)


def _written(segment: OpenSegment, taken: Waiting) -> OSError | None:
    if segment.trouble is not None or not taken:
        return segment.trouble
    try:
        segment.file.append([data for _, data in taken])
    except OSError as trouble:
        return trouble
    return None
