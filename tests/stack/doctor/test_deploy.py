"""What the compose file's health checks ask, asked of the real engines."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.stack.running import RunningStack
from workers.stack.account import account_for

DEPLOY = Path(__file__).parents[3] / "deploy"
STEP = re.compile(
    r"^  tcp-check (?:expect rbinary (?P<expected>\S+)|send-binary (?P<sent>\S+))", re.MULTILINE
)
WITHIN = 5.0


def by_root(stack: RunningStack, node: int, statement: str) -> None:
    """As the account that the servers run under, by a node's socket."""
    account = account_for("mysql").name
    command = (
        "mariadb", "--no-defaults", f"--socket={stack.var_dir / 'galera' / f'node-{node}.sock'}", f"--user={account}",
        "--execute", statement,
    )  # fmt: skip
    subprocess.run(command, check=True, user=account if os.geteuid() == 0 else None)


def is_up(port: int) -> bool:
    """Every step of the load balancer's check in turn, as HAProxy takes them: an expectation is of all that came."""
    text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text(encoding="utf-8")
    with socket.create_connection(("127.0.0.1", port), timeout=WITHIN) as link:
        for step in STEP.finditer(text):
            if step["sent"]:
                link.sendall(bytes.fromhex(step["sent"]))
            elif not has_come(link, step["expected"]):
                return False
    return True


def has_come(link: socket.socket, expected: str) -> bool:
    link.settimeout(1.0)
    came = b""
    while not re.search(expected, came.hex().upper()):
        try:
            piece = link.recv(4_096)
        except TimeoutError:
            return False
        if not piece:
            return False
        came += piece
    return True


@pytest.mark.parametrize("node", [1, 2, 3])
def test_the_balancer_takes_a_synced_node_and_no_other(stack: RunningStack, node: int) -> None:
    by_root(stack, node, "CREATE USER IF NOT EXISTS balancer@'%'")
    port = stack.ports.galera_sql(node)
    synced = is_up(port)
    by_root(stack, node, "SET GLOBAL wsrep_desync = ON")
    try:
        desynced = is_up(port)
    finally:
        by_root(stack, node, "SET GLOBAL wsrep_desync = OFF")

    assert (synced, desynced) == (True, False)


def health(port: int, bean: str, text: str) -> int:
    command = ("bash", str(DEPLOY / "hadoop" / "health.sh"), str(port), bean, text)
    return subprocess.run(command, capture_output=True, check=False).returncode


def compose_words(service: str) -> tuple[str, str]:
    """The bean and the text that the compose file asks a service for."""
    compose = (DEPLOY.parent / "docker-compose.yml").read_text(encoding="utf-8")
    found = re.search(rf'"{service},name=(\w+)", "((?:[^"\\]|\\.)+)"\]', compose)
    assert found, f"no health check asks a {service}"
    return f"{service},name={found[1]}", found[2].replace('\\"', '"')


def test_the_health_checks_of_hdfs_tell_a_node_that_serves(stack: RunningStack) -> None:
    names, data = compose_words("NameNode"), compose_words("DataNode")

    assert health(stack.ports.web_hdfs, *names) == 0
    assert health(stack.ports.data_node(1) + 10, *data) == 0
    assert health(stack.ports.web_hdfs, names[0], "no such words") != 0
    assert health(1, *names) != 0
