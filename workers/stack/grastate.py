"""What a Galera node remembers of its place in the cluster, and which node may begin a cluster anew."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from workers.stack.account import Account

NOWHERE = "00000000-0000-0000-0000-000000000000"
RECOVERED = re.compile(r"WSREP: Recovered position:? ([0-9a-f-]{36}):(-?\d+)")


@dataclass(frozen=True, slots=True)
class Position:
    """The last write set a node has; `sequence` is -1 when it has none."""

    cluster: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.cluster}:{self.sequence}"


def recovered_position(server: str, configuration: Path, account: Account) -> Position:
    """Ask the storage engine of a node that is down; a second or two. Without an answer the node has nothing."""
    log = configuration.with_suffix(".recovery.log")
    log.unlink(missing_ok=True)
    command = (server, f"--defaults-file={configuration}", "--wsrep-recover", f"--log-error={log}")
    other = account.name if account.is_other else None
    subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
        check=False,
        user=other,
        group=other,
    )
    found = RECOVERED.findall(log.read_text(errors="replace")) if log.exists() else []
    return Position(found[-1][0], int(found[-1][1])) if found else Position(NOWHERE, -1)


def written_position(data: Path) -> Position | None:
    """What `grastate.dat` says after a clean stop; None when it does not know."""
    path = data / "grastate.dat"
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    cluster = re.search(r"^uuid:\s+([0-9a-f-]{36})", text, re.MULTILINE)
    sequence = re.search(r"^seqno:\s+(-?\d+)", text, re.MULTILINE)
    if cluster is None or sequence is None or int(sequence[1]) < 0:
        return None
    return Position(cluster[1], int(sequence[1]))


def allow_bootstrap(data: Path) -> None:
    """Let this node begin the cluster; it must be the one with the most write sets, and all must be down."""
    (data / "gvwstate.dat").unlink(missing_ok=True)
    path = data / "grastate.dat"
    if path.exists():
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^safe_to_bootstrap:.*$", "safe_to_bootstrap: 1", text, flags=re.MULTILINE))
