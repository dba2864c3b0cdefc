"""The background process that keeps the stack's members alive, halts and resumes them on demand, ends them in order."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from workers.owner import sole_owner
from workers.part import RunningPart
from workers.stack.engine import Member
from workers.stack.settings import StackSettings

LOOK_EVERY = 0.2  # seconds


class Keeper:
    """Owns the members while it lives. A file `run/{name}.halted` asks it to keep that member down."""

    def __init__(self, settings: StackSettings, members: Iterable[Member]) -> None:
        self._settings = settings
        self._parts = {member.part.name: member.part for member in members}
        self._running: dict[str, tuple[RunningPart, asyncio.Task[None]]] = {}
        self._told = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Keep until `stop`, then end everything, the last started first. Raises AlreadyRunning."""
        with sole_owner(self._settings.keeper_lock, "The stack"):
            try:
                while not stop.is_set():
                    await self._follow_wishes()
                    self._tell()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), LOOK_EVERY)
            finally:
                await asyncio.gather(*(self._halt(name) for name in list(self._running)))
                self._tell()

    async def _follow_wishes(self) -> None:
        for name in self._parts:
            wanted = not (self._settings.run_dir / f"{name}.halted").exists()
            if wanted and name not in self._running:
                self._launch(name)
            elif not wanted and name in self._running:
                await self._halt(name)

    def _launch(self, name: str) -> None:
        running = RunningPart(self._parts[name], self._settings.var_dir, _say)
        self._running[name] = running, asyncio.create_task(running.keep_alive(), name=name)

    async def _halt(self, name: str) -> None:
        running, keeping = self._running[name]
        pid = running.pid
        await running.stop()
        await keeping
        if pid is not None:
            # What a member started itself (a transfer between databases, say) is in its group.
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        del self._running[name]

    def _tell(self) -> None:
        """Write each member's process id (null while it is down) and count of restarts where `status` reads it."""
        text = json.dumps({name: self._account(name) for name in self._parts})
        if text != self._told:
            unfinished = self._settings.run_dir / "members.new"
            unfinished.write_text(text, encoding="utf-8")
            unfinished.rename(self._settings.run_dir / "members.json")
            self._told = text

    def _account(self, name: str) -> dict[str, int | None]:
        if name not in self._running:
            return {"pid": None, "restarts": 0}
        running, _ = self._running[name]
        return {"pid": running.pid, "restarts": running.restarts}


def _say(text: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n")
    sys.stdout.flush()


async def keep(settings: StackSettings, members: Iterable[Member]) -> None:
    """Keep the members until SIGTERM or SIGINT. Raises AlreadyRunning."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await Keeper(settings, members).run(stop)
