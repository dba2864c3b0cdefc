"""How a node of Galera begins or joins: deploy/galera/node.sh with a server that only says how it was started."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "galera" / "node.sh"
# Addresses of this machine that nobody else listens at.
FIRST, SECOND, THIRD = "127.44.0.1", "127.44.0.2", "127.44.0.3"
GROUP_PORT = 4567
RECOVERED = "6b1a0c1e-0000-11f0-8000-000000000001:42"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A server that says its options, and knows its position."""
    (tmp_path / "data").mkdir()
    said = tmp_path / "server.sh"
    said.write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n')
    known = tmp_path / "bin" / "mariadbd"
    known.parent.mkdir()
    known.write_text(
        '#!/bin/bash\nfor word in "$@"; do case $word in --log-error=*) log=${word#*=};; esac; done\n'
        f'echo "2026-11-22 [Note] WSREP: Recovered position: {RECOVERED}" > "$log"\n'
    )
    for script in (said, known):
        script.chmod(0o755)
    return tmp_path


@pytest.fixture
def peer() -> Iterator[None]:
    """The second node is there."""
    with socket.create_server((SECOND, GROUP_PORT)):
        yield


def started(home: Path, node: str = FIRST) -> list[str]:
    """The options of the server that the script becomes."""
    surroundings = {
        "PATH": f"{home / 'bin'}:/usr/bin:/bin", "GALERA_NODE": node, "GALERA_FIRST": FIRST, "GALERA_WAIT": "0",
        "GALERA_PEERS": f"{FIRST} {SECOND} {THIRD}", "GALERA_DATA": str(home / "data"),
        "GALERA_BORN": str(home / "born"), "GALERA_SERVER": str(home / "server.sh"),
    }  # fmt: skip
    done = subprocess.run(("bash", SCRIPT), env=surroundings, capture_output=True, text=True, check=True)
    return done.stdout.split()


def has_state(home: Path, may_begin: int) -> None:
    (home / "data" / "mysql").mkdir()
    (home / "data" / "grastate.dat").write_text(f"uuid: 6b1a\nseqno: -1\nsafe_to_bootstrap: {may_begin}\n")


def test_the_first_node_begins_the_cluster_that_never_was(home: Path) -> None:
    assert "--wsrep-new-cluster" in started(home)


def test_no_other_node_begins_it(home: Path) -> None:
    assert "--wsrep-new-cluster" not in started(home, SECOND)


def test_a_first_node_whose_disk_was_lost_never_begins_an_empty_cluster(home: Path) -> None:
    (home / "born").touch()

    assert "--wsrep-new-cluster" not in started(home)


def test_a_first_node_that_was_set_up_and_never_served_begins(home: Path) -> None:
    (home / "born").touch()
    (home / "data" / "mysql").mkdir()

    assert "--wsrep-new-cluster" in started(home)


@pytest.mark.usefixtures("peer")
def test_a_first_node_on_an_empty_disk_joins_whoever_is_there(home: Path) -> None:
    options = started(home)

    assert "--wsrep-new-cluster" not in options
    assert f"--wsrep-cluster-address=gcomm://{FIRST},{SECOND},{THIRD}" in options


@pytest.mark.parametrize("node", [FIRST, SECOND])
def test_the_last_one_to_leave_in_good_order_begins_again(home: Path, node: str) -> None:
    has_state(home, may_begin=1)

    assert "--wsrep-new-cluster" in started(home, node)


@pytest.mark.usefixtures("peer")
def test_nobody_begins_beside_a_cluster_that_works(home: Path) -> None:
    has_state(home, may_begin=1)

    assert "--wsrep-new-cluster" not in started(home)


def test_a_node_that_was_killed_joins_where_it_left_off(home: Path) -> None:
    has_state(home, may_begin=0)

    options = started(home)

    assert "--wsrep-new-cluster" not in options
    assert f"--wsrep-start-position={RECOVERED}" in options


def test_after_a_loss_of_power_no_node_begins_alone(home: Path) -> None:
    has_state(home, may_begin=0)
    (home / "data" / "gvwstate.dat").write_text("my_uuid: x\n")

    assert "--wsrep-new-cluster" not in started(home)
