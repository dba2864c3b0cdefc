"""One process per var directory: a lock that its owner holds, with the owner's process id inside."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process owns this directory."""


@contextmanager
def sole_owner(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file while `what` runs. Raises AlreadyRunning, naming the process that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _written(path) or "unknown"
            raise AlreadyRunning(f"{what} already runs here (process {owner}); stop it first") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def owner_of(path: Path) -> int | None:
    """The process id that holds the lock file, or None when nobody does."""
    if not path.exists():
        return None
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(_written(path) or 0) or None
    return None


def _written(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
