"""One supervised child process: started under a lock, restarted when it dies, ended with its supervisor."""

import asyncio
import ctypes
import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What to run. `stop_within` is how many seconds it may take to end after SIGTERM before SIGKILL."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    stop_within: float = 15.0


class RunningPart:
    """Keeps one part alive until told to stop.

    The child inherits a locked file, so while an orphan of a killed supervisor is still ending, its successor
    waits: two servers on one database file would corrupt it.
    """

    def __init__(self, part: Part, var_dir: Path, say: Say) -> None:
        self.part = part
        self.restarts = 0
        self._say = say
        self._log = var_dir / "log" / f"{part.name}.log"
        self._lock = var_dir / "run" / f"{part.name}.lock"
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def keep_alive(self) -> None:
        """Start the child, and start it again whenever it dies, until `stop` is called."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            born = time.monotonic()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            pause = FIRST_PAUSE if time.monotonic() - born > STEADY_AFTER else min(pause * 2, LONGEST_PAUSE)
            self.restarts += 1
            self._report(code, pause)
            await self._sleep(pause)

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL when it takes too long."""
        self._stopping.set()
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), self.part.stop_within)
        except TimeoutError:
            self._say(f"{self.part.name} did not end within {self.part.stop_within:.0f} s and was killed")
            self._process.kill()
            await self._process.wait()

    async def _run_once(self) -> int:
        lock = await self._take_lock()
        try:
            with self._open_log() as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self.part.command,
                    env={**os.environ, **self.part.environment},
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)
        return await self._process.wait()

    async def _take_lock(self) -> int:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        waited = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not waited:
                    self._say(f"{self.part.name}: the one before is still ending; waiting for it")
                waited = True
                await asyncio.sleep(0.1)
            else:
                return handle

    def _open_log(self) -> BinaryIO:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        return self._log.open("ab")

    def _report(self, code: int, pause: float) -> None:
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        self._say(f"{self.part.name} {how}; starting it again in {pause:.1f} s (log: {self._log})")
        for line in self._last_lines():
            self._say(f"  {self.part.name} | {line}")

    def _last_lines(self, count: int = 3) -> list[str]:
        tail = self._log.read_bytes()[-4000:].decode(errors="replace")
        return tail.splitlines()[-count:]

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def _end_with_parent() -> None:
    # Runs in the child between fork and exec: when the supervisor is killed, its parts get SIGTERM.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
