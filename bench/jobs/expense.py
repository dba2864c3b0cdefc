"""What a command cost: wall clock, processor time and memory of all its processes, a JVM it starts included."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
LOOK_EVERY = 0.1  # seconds; a shorter peak goes unseen


@dataclass(frozen=True, slots=True)
class Expense:
    """Seconds and bytes; `ended` is empty when all went well, else why it did not."""

    wall: float
    cpu: float
    peak: int
    ended: str


def spent_on(command: Sequence[str], surroundings: Mapping[str, str], log: Path, ceiling: int) -> Expense:
    """Run a command in a session of its own; one that needs more than `ceiling` bytes is ended."""
    cpu: dict[int, float] = {}
    peak, began = 0, time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **surroundings}, stdout=output, stderr=output, start_new_session=True
        )
        try:
            while process.poll() is None and peak <= ceiling:
                peak = max(peak, _look(process.pid, cpu))
                time.sleep(LOOK_EVERY)
        finally:
            _end(process)
    ended = f"needs more than {ceiling / 1e9:.0f} GB" if peak > ceiling else ""
    if process.returncode and not ended:
        ended = f"failed with {process.returncode}, see {log.name}"
    return Expense(time.monotonic() - began, sum(cpu.values()), peak, ended)


def _look(session: int, cpu: dict[int, float]) -> int:
    """Note the processor time of each process of the session so far; returns the memory they hold now."""
    held = 0
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        try:
            facts = (
                Path(entry.path, "stat")
                .read_text(encoding="ascii", errors="replace")
                .rpartition(")")[2]
                .split()
            )
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if int(facts[3]) == session:
            cpu[int(entry.name)] = (int(facts[11]) + int(facts[12])) / TICKS
            held += int(facts[21]) * PAGE
    return held


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the session: a JVM may outlive a driver that failed."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
