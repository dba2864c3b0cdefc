"""A lock file has one owner, and says who."""

import os
from pathlib import Path

import pytest

from workers.owner import AlreadyRunning, owner_of, sole_owner


def test_the_owner_is_known_while_it_owns(tmp_path: Path) -> None:
    path = tmp_path / "run" / "lock"

    with sole_owner(path, "The thing"):
        held = owner_of(path)

    assert (held, owner_of(path)) == (os.getpid(), None)


def test_a_second_owner_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    with (
        sole_owner(tmp_path / "lock", "The thing"),
        pytest.raises(AlreadyRunning, match=rf"The thing already runs here \(process {os.getpid()}\)"),
        sole_owner(tmp_path / "lock", "The thing"),
    ):
        pytest.fail("two owners")


def test_nobody_owns_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert owner_of(tmp_path / "lock") is None
