"""Waiting for parts that start: a slow one is waited for and told about, one that keeps dying is not."""

import asyncio
import sys
from pathlib import Path

import pytest

from workers.part import FIRST_PAUSE, Part, RunningPart
from workers.start import MOST_DEATHS, StartFailed, until_ready

# Is ready when it has made a file, which takes longer than it is told about.
SLOW = "import sys, time; from pathlib import Path; time.sleep(2); Path(sys.argv[1]).touch(); time.sleep(60)"


async def test_a_slow_part_is_waited_for_and_told_about(tmp_path: Path) -> None:
    mark, said = tmp_path / "ready", list[str]()
    part = RunningPart(Part("slow", (sys.executable, "-c", SLOW, str(mark))), tmp_path, said.append)
    keeper = asyncio.create_task(part.keep_alive())

    async def probe() -> Path | None:
        return mark if mark.exists() else None

    found = await until_ready("Slow", probe, [part], said.append, logs="slow.log", tell_every=0.5)

    assert found == mark
    assert len(said) >= 2
    assert all(line.startswith("Slow: still starting after ") and "slow.log" in line for line in said)
    await part.stop()
    await keeper


class Dying:
    """A part that has ended once more whenever it is asked."""

    def __init__(self) -> None:
        self.restarts = 0

    async def probe(self) -> None:
        self.restarts += 1


async def test_a_part_that_keeps_ending_is_not_waited_for() -> None:
    part = Dying()

    with pytest.raises(StartFailed, match=f"Broken ended {MOST_DEATHS} times"):
        await until_ready("Broken", part.probe, [part], print, logs="broken.log")
    assert MOST_DEATHS * FIRST_PAUSE > 3
