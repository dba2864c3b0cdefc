"""A running native stack as a test sees it: commands, members, processes, listeners."""

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workers.stack.port import Ports
from workers.stack.settings import StackSettings

LINE = re.compile(r"^(\S+)\s+(answers|silent|down)\s+process (\d+|–)", re.MULTILINE)


@dataclass(frozen=True)
class RunningStack:
    var_dir: Path
    environment: dict[str, str]
    offset: int

    @property
    def ports(self) -> Ports:
        return Ports(self.offset)

    @property
    def password(self) -> str:
        return StackSettings().galera_password.get_secret_value()

    def ask(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`python -m workers stack …`; with `check`, a failure fails the test with what was said."""
        command = (sys.executable, "-m", "workers", "stack", *words)
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def members(self) -> dict[str, tuple[str, int | None]]:
        """Each member's state and process id."""
        said = self.ask("status", check=False).stdout
        return {name: (state, None if pid == "–" else int(pid)) for name, state, pid in LINE.findall(said)}

    def wait_until(self, name: str, state: str, within: float = 90.0) -> None:
        until = time.monotonic() + within
        while self.members()[name][0] != state:
            assert time.monotonic() < until, (
                f"{name} is not {state} after {within:.0f} s: {self.members()[name]}"
            )
            time.sleep(0.3)

    def pid(self, name: str) -> int:
        pid = self.members()[name][1]
        assert pid is not None
        return pid

    def processes(self) -> list[str]:
        """Whatever runs with the stack's folder in its command line."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if str(self.var_dir) in words:
                found.append(f"{path.parent.name}: {words[:200]}")
        return found

    def listeners(self, processes: Iterable[int] = ()) -> set[str]:
        """The addresses that these processes listen on; the members' when none is named."""
        pids = set(map(str, processes)) or {str(pid) for _, pid in self.members().values()}
        said = subprocess.run(("ss", "-ltnpH"), capture_output=True, text=True, check=True).stdout
        return {
            line.split()[3].rpartition(":")[0].removeprefix("[::ffff:").removesuffix("]")
            for line in said.splitlines()
            if pids & set(re.findall(r"pid=(\d+)", line))
        }
