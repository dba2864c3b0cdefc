"""What watching needs, as classes we own: a watcher with a simple rule, and a signaller that keeps what it was told."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from schema.analysis import Analysis, ChangeKind, IncidentChange
from schema.failures import Failure, FailureType
from schema.ids import incident_id_for
from schema.incident import Evidence, EvidenceMoment, Incident, IncidentKind, Severity
from schema.record import Record, RecordKind
from schema.task import WatchTask

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STREAM = UUID(int=7)
OPENS_EVERY = 5


def frames(count: int, first: int = 1) -> list[Record]:
    """Frames a second apart."""
    return [
        Record(number, RecordKind.FRAME, STREAM, number, second, second, b"frame %d" % number)
        for number in range(first, first + count)
        for second in [START + timedelta(seconds=number)]
    ]


class CountingWatcher:
    """Every fifth frame opens an incident, the next one closes it; frames of the number 13 are unreadable."""

    def __init__(self, attempt_id: UUID) -> None:
        self._attempt_id = attempt_id

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """Deterministic from state and records."""
        seen, opened = json.loads(state) if state else (0, 0)
        changes: list[IncidentChange] = []
        for record in records:
            seen += 1
            if opened:
                changes.append(IncidentChange(ChangeKind.CLOSED, self._incident(opened, record)))
                opened = 0
            if seen % OPENS_EVERY == 0:
                opened = record.offset
                changes.append(IncidentChange(ChangeKind.OPENED, self._incident(opened, None)))
        unreadable = sum(record.seq == 13 for record in records)
        new_state = json.dumps([seen, opened]).encode()
        return Analysis(new_state, records[-1].offset, tuple(changes), len(records), unreadable)

    def _incident(self, offset: int, end: Record | None) -> Incident:
        began = START + timedelta(seconds=offset)
        return Incident(
            incident_id=incident_id_for(self._attempt_id, IncidentKind.FACE_ABSENT, offset),
            kind=IncidentKind.FACE_ABSENT,
            severity=Severity.HIGH,
            opening_offset=offset,
            started_at=began,
            ended_at=end.captured_at if end else None,
            confidence=0.9,
            rule="every fifth frame",
            model="counting",
            evidence=(Evidence(EvidenceMoment.AT, offset, began),),
        )


class CountingWatchers:
    """Implements WatcherSource and remembers on which threads it analysed."""

    def __init__(self) -> None:
        self.threads: set[str] = set()

    @asynccontextmanager
    async def watching(self, watched: WatchTask) -> AsyncIterator["_Threaded"]:
        """A watcher for this attempt."""
        yield _Threaded(CountingWatcher(watched.attempt_id), self.threads)


class SlowWatchers(CountingWatchers):
    """Whose models are loaded only once `is_loaded` says so."""

    def __init__(self, is_loaded: Callable[[], bool]) -> None:
        super().__init__()
        self._is_loaded = is_loaded

    @asynccontextmanager
    async def watching(self, watched: WatchTask) -> AsyncIterator["_Threaded"]:
        """See CountingWatchers."""
        while not self._is_loaded():
            await asyncio.sleep(0.01)
        async with super().watching(watched) as watcher:
            yield watcher


class _Threaded:
    def __init__(self, watcher: CountingWatcher, threads: set[str]) -> None:
        self._watcher = watcher
        self._threads = threads

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """Note the thread, then analyse."""
        self._threads.add(threading.current_thread().name)
        return self._watcher.analyse(state, records)


class HeardSignals:
    """Implements IncidentSignaller; refuses the first `failures` calls."""

    def __init__(self, failures: int = 0) -> None:
        self.heard: list[tuple[str, str]] = []
        self.started = 0
        self._failures = failures

    async def signal(self, attempt_id: UUID, change: str, signal: str) -> None:
        """Keep it; that watching started is only counted."""
        if change == "watch_started":
            self.started += 1
            return
        if self._failures:
            self._failures -= 1
            raise Failure(FailureType.UNAVAILABLE, "Temporal does not answer.")
        self.heard.append((change, signal))
