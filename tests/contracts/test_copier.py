"""DatabaseCopier: a copy holds one state, comes back as it was, and never over something else."""

from pathlib import Path

import pytest

from schema.failures import Failure, FailureType
from tests.contracts.copier_place import WORDS, CopierPlace, MemoryPlace, SqlitePlace


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> CopierPlace:
    folder = tmp_path / "databases"
    folder.mkdir()
    return MemoryPlace() if request.param == "memory" else SqlitePlace(folder)


@pytest.fixture
def copy(tmp_path: Path, place: CopierPlace) -> Path:
    return tmp_path / f"users.{place.copier.suffix}"


def test_a_copy_counts_the_rows_of_each_table(place: CopierPlace, copy: Path) -> None:
    place.fill(*WORDS)

    assert place.copier.copy("users", copy) == {"word": len(WORDS), "hollow": 0}


def test_what_was_lost_comes_back(place: CopierPlace, copy: Path) -> None:
    place.fill(*WORDS)
    place.copier.copy("users", copy)
    place.remove()

    rows = place.copier.restore("users", copy)

    assert rows == {"word": len(WORDS), "hollow": 0}
    assert place.words() == list(WORDS)


def test_a_copy_is_tried_out_beside_what_is_there(place: CopierPlace, copy: Path) -> None:
    place.fill(*WORDS)
    place.copier.copy("users", copy)
    place.fill("later")

    rows = place.copier.try_out("users", copy)

    assert rows == {"word": len(WORDS), "hollow": 0}
    assert place.words() == [*WORDS, "later"]


def test_nothing_is_brought_back_over_something_else(place: CopierPlace, copy: Path) -> None:
    place.fill("old")
    place.copier.copy("users", copy)
    place.fill("new")

    with pytest.raises(Failure) as refused:
        place.copier.restore("users", copy)

    assert refused.value.type is FailureType.CONFLICT
    assert place.words() == ["old", "new"]


def test_a_database_that_is_not_there_cannot_be_copied(place: CopierPlace, copy: Path) -> None:
    with pytest.raises(Failure) as refused:
        place.copier.copy("nowhere", copy)

    assert refused.value.type is FailureType.NOT_FOUND


def test_a_copy_that_was_cut_off_is_seen(place: CopierPlace, copy: Path) -> None:
    place.fill(*WORDS)
    place.copier.copy("users", copy)
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Failure) as refused:
        place.copier.try_out("users", copy)

    assert refused.value.type is FailureType.INVALID
