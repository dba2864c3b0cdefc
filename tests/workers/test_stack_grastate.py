"""What a Galera node's state file says about its place in the cluster."""

from pathlib import Path

import pytest

from workers.stack.grastate import Position, allow_bootstrap, written_position

CLUSTER = "a3d440b9-e6a7-11f1-9798-4fe0d2491ef2"
STATE = "# GALERA saved state\nversion: 2.1\nuuid:    {}\nseqno:   {}\nsafe_to_bootstrap: 0\n"


def test_a_clean_stop_leaves_the_position(tmp_path: Path) -> None:
    (tmp_path / "grastate.dat").write_text(STATE.format(CLUSTER, 5))

    assert written_position(tmp_path) == Position(CLUSTER, 5)


@pytest.mark.parametrize("text", ["", STATE.format(CLUSTER, -1)], ids=["empty", "killed"])
def test_after_a_kill_the_file_does_not_know(tmp_path: Path, text: str) -> None:
    (tmp_path / "grastate.dat").write_text(text)

    assert written_position(tmp_path) is None


def test_without_a_file_there_is_no_position(tmp_path: Path) -> None:
    assert written_position(tmp_path) is None


def test_the_node_that_begins_is_allowed_to_and_forgets_its_last_view(tmp_path: Path) -> None:
    (tmp_path / "grastate.dat").write_text(STATE.format(CLUSTER, 5))
    (tmp_path / "gvwstate.dat").write_text("view")

    allow_bootstrap(tmp_path)

    assert "safe_to_bootstrap: 1\n" in (tmp_path / "grastate.dat").read_text()
    assert not (tmp_path / "gvwstate.dat").exists()
    assert written_position(tmp_path) == Position(CLUSTER, 5)
