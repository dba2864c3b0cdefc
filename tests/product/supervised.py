"""`python -m workers run` as a process of its own, and which processes belong to its var directory."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from schema.settings import Settings
from tests.product.product import PROJECT, environment_of

READY = "ProctorWise runs"


class Supervised:
    """One run. What it says is kept in a file, as a terminal would show it."""

    def __init__(self, process: asyncio.subprocess.Process, words: Path) -> None:
        self.process = process
        self._words = words

    @classmethod
    @asynccontextmanager
    async def run(cls, settings: Settings, name: str) -> AsyncIterator[Self]:
        """Start it; whatever happens, nothing is left at the end."""
        words = settings.var_dir.parent / f"{name}.txt"
        with words.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "workers", "run"),
                cwd=PROJECT,
                env={**os.environ, **environment_of(settings), "COLUMNS": "500"},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            yield cls(process, words)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    @property
    def words(self) -> str:
        """Everything it said so far."""
        return self._words.read_text(errors="replace")

    async def until_says(self, words: str, within: float = 240.0) -> None:
        """Raises TimeoutError, AssertionError when it ended before."""
        async with asyncio.timeout(within):
            while words not in self.words:
                assert self.process.returncode is None, self.words
                await asyncio.sleep(0.1)

    async def ended(self, within: float = 60.0) -> int:
        """Its exit code. Raises TimeoutError."""
        return await asyncio.wait_for(self.process.wait(), within)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the supervisor alone."""
        self.process.send_signal(number)


def processes_of(var_dir: Path) -> dict[int, str]:
    """Command lines by process id of everything that was started with this var directory."""
    mark = f"VAR_DIR={var_dir}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(folder.name)] = command
        except OSError:  # it has just ended
            continue
    return found


async def until_gone(pids: set[int], var_dir: Path, within: float = 30.0) -> None:
    """Return once none of these processes is left. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while pids & processes_of(var_dir).keys():
            await asyncio.sleep(0.1)
