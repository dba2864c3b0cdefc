"""Supervised parts: a part that dies is reported and started again, and none outlives or overlaps another."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workers.part import Part, RunningPart

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
# Ends one second after SIGTERM, as a server that flushes its files does.
SLOW_PROGRAM = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), sys.exit(0)))
time.sleep(60)
"""
SLOW_TO_END = (sys.executable, "-c", SLOW_PROGRAM)


async def until(condition, within: float = 10.0) -> None:  # type: ignore[no-untyped-def]
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
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from workers.part import Part, RunningPart\n"
        f"part = RunningPart(Part('slow', {SLOW_TO_END!r}), Path(sys.argv[1]), print)\n"
        "async def main():\n"
        "    keeper = asyncio.create_task(part.keep_alive())\n"
        "    while part.pid is None: await asyncio.sleep(0.02)\n"
        "    await asyncio.sleep(0.3)\n"
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
    killed_at = time.monotonic()
    waited = asyncio.run(_successor_of(child, tmp_path))
    supervisor.stdout.close()
    assert waited - killed_at >= 0.8
    assert not _is_alive(child)


async def _successor_of(child: int, var_dir: Path) -> float:
    said: list[str] = []
    successor = RunningPart(Part("slow", SLEEPER), var_dir, said.append)
    keeper = asyncio.create_task(successor.keep_alive())
    await until(lambda: successor.pid)
    started_at = time.monotonic()
    assert "slow: the one before is still ending; waiting for it" in said
    await successor.stop()
    await keeper
    return started_at


def _is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
