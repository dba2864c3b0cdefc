"""The stack from outside: start its keeper and wait until everything answers, ask how it is, end it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workers.owner import AlreadyRunning, owner_of, sole_owner
from workers.port import is_free
from workers.stack.catalogue import chosen
from workers.stack.engine import Engine, Member, Say, Unprepared
from workers.stack.port import HOST
from workers.stack.settings import StackSettings

LOOK_EVERY = 0.2  # seconds
DOWN_WITHIN = 90.0


class NotReady(Exception):
    """A member did not answer in time; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Health:
    """How one member is. `pid` is None while it is down, `resident_mb` then 0."""

    name: str
    pid: int | None
    restarts: int
    resident_mb: int
    is_ready: bool
    address: str


class Stack:
    """Commands of `python -m workers stack …`."""

    def __init__(self, settings: StackSettings, say: Say) -> None:
        self._settings = settings
        self._say = say

    @property
    def keeper(self) -> int | None:
        """The keeper's process id while the stack runs."""
        return owner_of(self._settings.keeper_lock)

    @property
    def members(self) -> frozenset[str]:
        """The names of the running stack's members; empty when none runs."""
        return frozenset() if self.keeper is None else frozenset(self._account())

    async def up(self, names: Iterable[str]) -> None:
        """Prepare and start engines; return when all answer. Raises AlreadyRunning, Unprepared, NotReady."""
        with sole_owner(self._settings.run_dir / "up.lock", "`stack up`"):
            if self.keeper is not None:
                raise AlreadyRunning(f"The stack already runs here (process {self.keeper}); stop it first")
            engines = chosen(names, self._settings)
            self._settings.log_dir.mkdir(parents=True, exist_ok=True)
            for engine in engines:
                engine.prepare(self._say)
            members = [member for engine in engines for member in engine.members()]
            _see_ports_free(members)
            self._forget_wishes()
            self._start_keeper(engines)
            try:
                await self._until_ready(members)
            except BaseException:
                await self.down()
                raise

    async def down(self) -> bool:
        """End the stack; False when none runs. Raises NotReady when it does not end."""
        keeper = self.keeper
        if keeper is None:
            return False
        os.kill(keeper, signal.SIGTERM)
        until = time.monotonic() + DOWN_WITHIN
        while self.keeper is not None:
            if time.monotonic() > until:
                raise NotReady(
                    f"the keeper (process {keeper}) did not end; see {self._settings.log_dir}/keeper.log"
                )
            await asyncio.sleep(LOOK_EVERY)
        return True

    async def health(self) -> list[Health]:
        """How each member of the running stack is; empty when none runs."""
        if self.keeper is None:
            return []
        account = self._account()
        engines = chosen((), self._settings)
        members = [member for engine in engines for member in engine.members() if member.part.name in account]
        return list(
            await asyncio.gather(*(_examine(member, account[member.part.name]) for member in members))
        )

    def halt(self, name: str) -> None:
        """Keep a member down until it is resumed: an outage. Raises KeyError for an unknown name."""
        self._wish(name).touch()

    def resume(self, name: str) -> None:
        """End an outage. Raises KeyError for an unknown name."""
        self._wish(name).unlink(missing_ok=True)

    def _wish(self, name: str) -> Path:
        if name not in self._account():
            raise KeyError(name)
        return self._settings.run_dir / f"{name}.halted"

    def _forget_wishes(self) -> None:
        for path in self._settings.run_dir.glob("*.halted"):
            path.unlink()
        (self._settings.run_dir / "members.json").unlink(missing_ok=True)

    def _account(self) -> dict[str, dict[str, int | None]]:
        path = self._settings.run_dir / "members.json"
        account: dict[str, dict[str, int | None]] = json.loads(path.read_text()) if path.exists() else {}
        return account

    def _start_keeper(self, engines: Iterable[Engine]) -> None:
        command = (
            sys.executable,
            "-u",
            "-m",
            "workers",
            "stack",
            "keep",
            *(engine.name for engine in engines),
        )
        with (self._settings.log_dir / "keeper.log").open("ab") as log:
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    async def _until_ready(self, members: list[Member]) -> None:
        begun = time.monotonic()
        waiting = {asyncio.create_task(self._answers(member)): member.part.name for member in members}
        try:
            async with asyncio.timeout(self._settings.ready_within):
                for done in asyncio.as_completed(waiting):
                    self._say(f"{await done}: ready after {time.monotonic() - begun:.1f} s")
        except TimeoutError:
            late = [name for task, name in waiting.items() if not task.done()]
            for task in waiting:
                task.cancel()
            raise NotReady(self._lament(late)) from None

    async def _answers(self, member: Member) -> str:
        while not await member.is_ready():
            await asyncio.sleep(LOOK_EVERY)
        return member.part.name

    def _lament(self, late: list[str]) -> str:
        lines = [f"not ready within {self._settings.ready_within:.0f} s: {', '.join(late)}"]
        for name in (*late, "keeper"):
            log = self._settings.log_dir / f"{name}.log"
            if log.exists():
                lines += [f"--- {log}", *log.read_bytes()[-2_000:].decode(errors="replace").splitlines()[-8:]]
        return "\n".join(lines)


def _see_ports_free(members: list[Member]) -> None:
    taken = [
        f"{port} ({member.part.name})"
        for member in members
        for port in member.ports
        if not is_free(HOST, port)
    ]
    if taken:
        raise Unprepared(
            f"ports are taken by other programs: {', '.join(taken)}; move all with STACK_PORT_OFFSET"
        )


async def _examine(member: Member, account: dict[str, int | None]) -> Health:
    pid = account["pid"]
    return Health(
        member.part.name,
        pid,
        account["restarts"] or 0,
        _resident_mb(pid),
        await member.is_ready(),
        member.address,
    )


def _resident_mb(pid: int | None) -> int:
    """With its children, for some members only look after the server itself."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20 + sum(_resident_mb(int(child)) for child in children)
