"""One process per spool: two that append to the same segments would destroy what was acknowledged."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "spool.lock"


class SpoolTaken(Exception):
    """Another process has this spool."""


@contextmanager
def locked(folder: Path, address: str) -> Iterator[None]:
    """Hold the folder; `address` says where its owner serves. The kernel gives it back, whatever ends the process.

    Raises SpoolTaken, naming the process that holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SpoolTaken(_taken(folder)) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} of {socket.gethostname()}, which serves {address}\n")
        file.flush()
        yield


def spool_or_exit(folder: Path) -> None:
    """Ends an entry point's process with a line for its operator when another process has the spool."""
    if not (folder / FILE).exists():
        return
    with (folder / FILE).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(_taken(folder)) from None


def _taken(folder: Path) -> str:
    owner = (folder / FILE).read_text(encoding="utf-8").strip() or "another process"
    return (
        f"the spool {folder} is in use by {owner}; stop that one first, or give this one a NODE_ID of its own"
    )
