"""Becomes one Galera node: begins the cluster when it is its turn, otherwise rejoins where it left off."""

import os
import socket
import sys
import time
from pathlib import Path

from workers.stack.account import account_for
from workers.stack.debian import program
from workers.stack.grastate import NOWHERE, recovered_position, written_position
from workers.stack.port import HOST, Ports

PEER_WITHIN = 30.0


def become(configuration: Path, mark: Path, node: int, ports: Ports) -> None:
    """Replace this process by mariadbd. The mark names the node that begins, once."""
    server, account = program("mariadbd"), account_for("mysql")
    options = [server, f"--defaults-file={configuration}"]
    if _take(mark, node):
        options.append("--wsrep-new-cluster")
    else:
        _wait_for_a_peer(node, ports)
        known = written_position(configuration.with_suffix(""))
        position = known or recovered_position(server, configuration, account)
        if position.cluster != NOWHERE:
            # Known up to here: a peer sends what came since instead of everything.
            options.append(f"--wsrep-start-position={position}")
    account.become()  # last: that account may not be able to read this Python
    os.execv(server, options)  # noqa: S606 - the keeper's child becomes the server, under the same id and lock


def _take(mark: Path, node: int) -> bool:
    if not mark.exists() or mark.read_text(encoding="utf-8").strip() != str(node):
        return False
    mark.unlink()
    return True


def _wait_for_a_peer(node: int, ports: Ports) -> None:
    """A node that starts before all others would wait on its own and give up; after a while it tries anyway."""
    until = time.monotonic() + PEER_WITHIN
    while time.monotonic() < until:
        if any(_answers(ports.galera_sql(peer)) for peer in (1, 2, 3) if peer != node):
            return
        time.sleep(0.2)


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    become(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Ports(int(sys.argv[4])))
