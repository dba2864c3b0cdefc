"""Supervised parts: a part that dies is reported and started again, and none outlives or overlaps another."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workers.part import Part, RunningPart

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
# Told to end it goes on until a file is there, as a server that flushes its files does; says when it can be told.
SLOW_PROGRAM = """
import signal, sys, time
from pathlib import Path
told = []
signal.signal(signal.SIGTERM, lambda *_: told.append(True))
print("ready", flush=True)
give_up_at = time.monotonic() + 300
while not (told and Path(sys.argv[1]).exists()) and time.monotonic() < give_up_at:
    time.sleep(0.02)
"""


async def until(condition, within: float = 60.0) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


async def test_a_killed_part_is_reported_and_started_again(tmp_path: Path, said: list[str]) -> None:
    part = RunningPart(Part("sleeper", SLEEPER), tmp_path, said.append)
    keeper = asyncio.create_task(part.keep_alive())
    await until(lambda: part.pid)
    first = part.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: part.pid not in {None, first})
    assert part.restarts == 1
    assert any("sleeper was killed by SIGKILL" in line for line in said)
    await part.stop()
    await keeper


async def test_a_part_that_cannot_start_shows_its_last_words(tmp_path: Path, said: list[str]) -> None:
    broken = (sys.executable, "-c", "import sys; print('no such database'); sys.exit(3)")
    part = RunningPart(Part("broken", broken), tmp_path, said.append)
    keeper = asyncio.create_task(part.keep_alive())
    await until(lambda: any("no such database" in line for line in said))
    assert any("ended with code 3" in line for line in said)
    await part.stop()
    await keeper


async def test_a_part_that_ignores_the_signal_is_killed(tmp_path: Path, said: list[str]) -> None:
    deaf = (
        sys.executable,
        "-c",
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)",
    )
    part = RunningPart(Part("deaf", deaf, stop_within=0.5), tmp_path, said.append)
    keeper = asyncio.create_task(part.keep_alive())
    log = tmp_path / "log" / "deaf.log"
    await until(lambda: log.exists() and log.read_bytes())
    await part.stop()
    await keeper
    assert part.pid is None
    assert any("was killed" in line for line in said)


def test_parts_of_a_killed_supervisor_end_and_their_successors_wait(tmp_path: Path) -> None:
    may_end, log = tmp_path / "may-end", tmp_path / "log" / "slow.log"
    command = (sys.executable, "-c", SLOW_PROGRAM, str(may_end))
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from workers.part import Part, RunningPart\n"
        f"part = RunningPart(Part('slow', {command!r}), Path(sys.argv[1]), print)\n"
        "async def main():\n"
        "    keeper = asyncio.create_task(part.keep_alive())\n"
        f"    log = Path({str(log)!r})\n"
        "    while not (part.pid and log.exists() and log.read_bytes()): await asyncio.sleep(0.02)\n"
        "    print(part.pid, flush=True)\n"
        "    await keeper\n"
        "asyncio.run(main())\n"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    child = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    asyncio.run(_successor_waits(child, tmp_path, may_end))


async def _successor_waits(child: int, var_dir: Path, may_end: Path) -> None:
    said: list[str] = []
    successor = RunningPart(Part("slow", SLEEPER), var_dir, said.append)
    keeper = asyncio.create_task(successor.keep_alive())
    await until(lambda: said)
    await asyncio.sleep(0.5)
    assert (said, successor.pid) == (["slow: the one before is still ending; waiting for it"], None)
    assert _is_alive(child)
    await asyncio.to_thread(may_end.touch)
    await until(lambda: successor.pid)
    await until(lambda: not _is_alive(child))
    await successor.stop()
    await keeper


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
