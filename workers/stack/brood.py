"""Runs a command and, when it ends or is told to, everything that it started, however deep and in whatever group."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from workers.part import PR_SET_PDEATHSIG

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 8.0  # seconds between SIGTERM and SIGKILL


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run until it ends or SIGTERM comes; returns its exit code. Nothing of it is left afterwards."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    # The lock that the keeper gave stays open in the child: its successor waits for it.
    child = subprocess.Popen(command, env=environment, close_fds=False, preexec_fn=_end_with_parent)  # noqa: PLW1509

    def end(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)
        signal.alarm(int(PATIENCE))

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, lambda *_: child.kill())
    code = child.wait()
    signal.alarm(0)
    _end_orphans()
    return code if code >= 0 else 128 - code


def _end_orphans() -> None:
    """What is left was handed to this process by the kernel; its own children come up as it ends."""
    give_up_at = time.monotonic() + PATIENCE
    while children := _children():
        number = signal.SIGTERM if time.monotonic() < give_up_at else signal.SIGKILL
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.1)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], os.environ))
