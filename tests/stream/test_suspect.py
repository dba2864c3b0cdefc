"""A frame that kills or hangs its process twice is set aside; others are unharmed, and nobody's turn is long."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.memory.checkpoint_book import MemoryCheckpointBook
from activities.adapters.memory.feed import MemoryRecordFeed
from activities.adapters.memory.monitoring import MemoryMonitoring
from activities.suspect.frames import SuspectFrames
from activities.suspect.turn import MOST_FAILING, TURN_BYTES, FailingFrames, WatchedTurns, turns
from activities.watch import WatchActivities
from schema.analysis import Analysis
from schema.record import Record, RecordKind
from schema.task import WatchTask
from tests.stream.node import WAIT
from tests.stream.task import watch_task
from tests.stream.watching import START, STREAM, HeardSignals, frames

ATTEMPT = UUID(int=5)
DIES = """
import os, signal, sys, time
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from activities.suspect.frames import SuspectFrames
folder, first, last, how = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with SuspectFrames(folder, timedelta(seconds=0.2)).handing(UUID(int=5), first, last):
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(60)
"""


def dies(folder: Path, first: int, last: int, how: str = "crash") -> None:
    command = [sys.executable, "-c", DIES, str(folder), str(first), str(last), how]
    assert subprocess.run(command, capture_output=True, timeout=50, check=False).returncode != 0


class Noting:
    """A Watcher that notes what it is given, at so many seconds a record."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.given: list[list[Record]] = []
        self.at: list[float] = []
        self._seconds = seconds

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """What an analyst gives for frames of which nothing is to be said."""
        deadline = monotonic() + self._seconds * len(records)
        while monotonic() < deadline:
            pass
        self.given.append(list(records))
        self.at.append(monotonic())
        unreadable = sum(not record.body for record in records)
        return Analysis(b"", records[-1].offset, (), len(records), unreadable)


def watched(records: Sequence[Record], suspects: SuspectFrames) -> Noting:
    watcher = Noting()
    taken = WatchedTurns(ATTEMPT, watcher, suspects)
    for turn in taken.cut(records):
        taken.take(None, turn)
    return watcher


@pytest.mark.parametrize("how", ["crash", "hang"])
def test_a_frame_that_a_process_died_of_twice_is_set_aside_and_no_other(tmp_path: Path, how: str) -> None:
    dies(tmp_path, 3, 6, how)
    once = watched(frames(8), SuspectFrames(tmp_path))
    dies(tmp_path, 5, 5, how)
    twice = watched(frames(8), SuspectFrames(tmp_path))

    assert [[record.offset for record in turn] for turn in once.given] == [[1, 2], [3], [4], [5], [6], [7, 8]]
    assert all(record.body for turn in once.given for record in turn)
    assert [record.offset for turn in twice.given for record in turn if not record.body] == [5]


def test_a_process_that_ends_between_turns_makes_nothing_suspect(tmp_path: Path) -> None:
    suspects = SuspectFrames(tmp_path)
    watched(frames(8), suspects)
    others = SuspectFrames(tmp_path)

    assert not any(others.is_suspect(ATTEMPT, offset) for offset in range(10))


def test_a_process_learns_of_another_ones_death(tmp_path: Path) -> None:
    suspects = SuspectFrames(tmp_path)
    dies(tmp_path, 3, 3)
    suspects.collect()

    assert suspects.is_suspect(ATTEMPT, 3)
    assert not suspects.is_set_aside(ATTEMPT, 3)
    assert not suspects.is_suspect(UUID(int=6), 3)


class Stumbling(Noting):
    """Raises an error over the pictures with these offsets."""

    def __init__(self, over: Sequence[int]) -> None:
        super().__init__()
        self._over = over

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """As the detectors would, were they to fail."""
        if any(record.body and record.offset in self._over for record in records):
            raise IndexError("a sliver at the edge")
        return super().analyse(state, records)


def test_a_frame_that_raises_an_error_is_unreadable_and_stops_nothing() -> None:
    watcher = Stumbling([5])

    found = WatchedTurns(ATTEMPT, watcher, None).take(None, frames(8))

    assert (found.offset, found.frames, found.unreadable) == (8, 8, 1)
    assert [bool(record.body) for turn in watcher.given for record in turn] == [True] * 4 + [False] + [
        True
    ] * 3


def test_detectors_that_always_fail_blame_no_picture() -> None:
    failing = FailingFrames()
    taken = [WatchedTurns(UUID(int=n), Stumbling([1]), None, failing) for n in range(MOST_FAILING + 1)]

    assert all(one.take(None, frames(1)).unreadable == 1 for one in taken[:-1])
    with pytest.raises(IndexError):
        taken[-1].take(None, frames(1))
    WatchedTurns(ATTEMPT, Noting(), None, failing).take(None, frames(1))

    assert failing.in_a_row == 0


def of_size(offset: int, size: int) -> Record:
    return Record(offset, RecordKind.FRAME, STREAM, offset, START, START, bytes(size))


def test_a_turn_weighs_no_more_than_its_pictures_may() -> None:
    records = [of_size(offset, size) for offset, size in enumerate([30_000] * 6 + [200_000] * 2 + [100] * 30)]

    cut = list(turns(records, lambda _: False))

    assert [record for turn in cut for record in turn] == records
    assert all(len(turn) == 1 or sum(len(one.body) for one in turn) <= TURN_BYTES for turn in cut)
    assert [len(turn) for turn in cut] == [4, 2, 1, 1, 10, 10, 10]


class Pair:
    """A WatcherSource of two: one whose frames cost a lot, and everybody else."""

    def __init__(self, dear: UUID) -> None:
        self._dear = dear
        self.watchers = {True: Noting(0.1), False: Noting(0.001)}

    @asynccontextmanager
    async def watching(self, watched: WatchTask) -> AsyncIterator["Noting"]:
        """See WatcherSource."""
        yield self.watchers[watched.attempt_id == self._dear]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not holds():
            await asyncio.sleep(0.01)


async def test_one_students_worst_files_delay_another_by_less_than_a_second() -> None:
    dear, other = UUID(int=1), UUID(int=2)
    feed, source = MemoryRecordFeed(), Pair(dear)
    books = MemoryCheckpointBook(MemoryMonitoring())
    with ThreadPoolExecutor(1, "inference") as thread:
        activities = WatchActivities(feed, books, source, HeardSignals(), thread, "one")
        feed.add(dear, *(of_size(offset, 190_000) for offset in range(1, 61)))
        running = [
            asyncio.ensure_future(ActivityEnvironment().run(activities.watch_attempt, watch_task(attempt)))
            for attempt in (dear, other)
        ]
        await until(lambda: bool(source.watchers[True].given))
        feed.add(other, of_size(1, 30_000))
        added = monotonic()
        await until(lambda: bool(source.watchers[False].given))
        waited = source.watchers[False].at[0] - added
        assert len(source.watchers[True].given) < 60
        for attempt in (dear, other):
            feed.end(attempt)
        await asyncio.wait_for(asyncio.gather(*running), timedelta(minutes=1).total_seconds())

    assert waited < 1
