"""Which records a process was analysing when it died: a frame that killed its process twice is set aside.

Native code that crashes or hangs takes its process with it, and whoever starts it again (the supervisor, or the
container's restart policy) gives its attempts to the next one. Without this the same frame would kill that one too.
A process writes into a file of its own what it hands to the detectors; the file of a dead one tells what that was.
The first death makes a turn suspect, so that its records are taken one by one; the second is one record's.
"""

import contextlib
import faulthandler
import fcntl
import json
import logging
import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

log = logging.getLogger(__name__)

HANGS_AFTER = timedelta(seconds=60)  # a turn takes less than a second
DEATHS = "deaths.jsonl"
MOST_DEATHS = 1000
_TURN = struct.Struct(">B16sQQ")
_SUFFIX = ".turn"


@dataclass(frozen=True, slots=True)
class Death:
    """The records that were being analysed: their attempt and offsets, both included."""

    attempt_id: UUID
    first: int
    last: int

    def covers(self, attempt_id: UUID, offset: int) -> bool:
        """Whether this record was one of them."""
        return attempt_id == self.attempt_id and self.first <= offset <= self.last


class SuspectFrames:
    """Of all worker processes that share a folder."""

    def __init__(self, folder: Path, hangs_after: timedelta = HANGS_AFTER) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._hangs_after = hangs_after.total_seconds()
        # Open, and so locked, for as long as the process lives.
        owned = os.open(folder / f"{uuid4().hex}{_SUFFIX}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        fcntl.flock(owned, fcntl.LOCK_EX)
        os.write(owned, bytes(_TURN.size))
        self._turn = mmap.mmap(owned, _TURN.size)
        self._deaths: list[Death] = []
        self.collect()

    @contextlib.contextmanager
    def handing(self, attempt_id: UUID, first: int, last: int) -> Iterator[None]:
        """These records go to the detectors now; a process that takes too long over them ends, with a traceback."""
        self._turn[:] = _TURN.pack(1, attempt_id.bytes, first, last)
        faulthandler.dump_traceback_later(self._hangs_after, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            self._turn[:1] = b"\0"

    def is_suspect(self, attempt_id: UUID, offset: int) -> bool:
        """Whether a process died over this record or one beside it: it is to be taken by itself."""
        return any(death.covers(attempt_id, offset) for death in self._deaths)

    def is_set_aside(self, attempt_id: UUID, offset: int) -> bool:
        """Whether two processes died over this record, one of them over nothing else."""
        over = [death for death in self._deaths if death.covers(attempt_id, offset)]
        return len(over) > 1 and any(death.first == death.last for death in over)

    def collect(self) -> None:
        """Learn what other processes died of, since the last call."""
        with (self._folder / DEATHS).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = _read(file)
            new = [death for path in self._folder.glob(f"*{_SUFFIX}") if (death := _death(path)) is not None]
            if new:
                _write(file, [*known, *new][-MOST_DEATHS:])
        for death in new:
            log.error(
                "a process died over records %s to %s of attempt %s",
                death.first,
                death.last,
                death.attempt_id,
            )
        self._deaths = [*known, *new]


def _death(path: Path) -> Death | None:
    """What the owner of this file died of, if it is dead and was at work; a dead one's file is removed."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        turn = file.read(_TURN.size)
        path.unlink(missing_ok=True)
        if len(turn) == _TURN.size and turn[0]:
            _, attempt, first, last = _TURN.unpack(turn)
            return Death(UUID(bytes=attempt), first, last)
    return None


def _read(file: BinaryIO) -> list[Death]:
    file.seek(0)
    found = []
    for line in file.read().splitlines():
        with contextlib.suppress(ValueError, TypeError):
            attempt, first, last = json.loads(line)
            found.append(Death(UUID(attempt), int(first), int(last)))
    return found


def _write(file: BinaryIO, deaths: list[Death]) -> None:
    lines = [json.dumps([str(death.attempt_id), death.first, death.last]) for death in deaths]
    file.truncate(0)
    file.write("".join(f"{line}\n" for line in lines).encode())
    file.flush()
