"""Backups by day: whole or not there, never written over, checked by their sums and by restoring, the oldest go."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from activities.adapters.memory.copier import MemoryCopier
from activities.backup import Backup
from schema.failures import Failure, FailureType

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
NAMES = ("users", "reservations")


@pytest.fixture
def copier() -> MemoryCopier:
    return MemoryCopier({name: {"person": ["a", "b"], "nothing": []} for name in NAMES})


@pytest.fixture
def backup(copier: MemoryCopier, tmp_path: Path) -> Backup:
    return Backup(copier, NAMES, tmp_path, 3, lambda: NOW)


def test_a_backup_says_what_it_holds(backup: Backup, tmp_path: Path) -> None:
    manifest = backup.take(DAY)

    assert backup.manifest(DAY) == manifest
    assert (manifest.day, manifest.taken_at) == (DAY, NOW)
    assert [copy.database for copy in manifest.copies] == list(NAMES)
    assert all(copy.rows == {"person": 2, "nothing": 0} for copy in manifest.copies)
    assert all((tmp_path / f"{DAY}" / copy.file).stat().st_size == copy.size for copy in manifest.copies)


def test_a_day_s_backup_is_not_written_over_with_a_later_state(backup: Backup, copier: MemoryCopier) -> None:
    first = backup.take(DAY)
    copier.databases["users"]["person"].append("c")

    assert backup.take(DAY) == first
    assert backup.try_out(DAY) == []


def test_a_damaged_backup_is_taken_again(backup: Backup, copier: MemoryCopier, tmp_path: Path) -> None:
    first = backup.take(DAY)
    (tmp_path / f"{DAY}" / first.copies[0].file).unlink()
    copier.databases["users"]["person"].append("c")

    again = backup.take(DAY)

    assert again.copies[0].rows["person"] == 3
    assert backup.damage(DAY) == []


def test_a_backup_that_fails_leaves_the_one_before(backup: Backup, copier: MemoryCopier) -> None:
    backup.take(DAY)
    del copier.databases["reservations"]

    with pytest.raises(Failure):
        backup.take(DAY + timedelta(days=1))

    assert backup.days() == [f"{DAY}"]


def test_the_oldest_go(backup: Backup) -> None:
    for number in range(5):
        backup.take(DAY + timedelta(days=number))

    assert backup.days() == ["2026-11-23", "2026-11-24", "2026-11-25"]


def test_a_folder_of_another_kind_never_goes(backup: Backup, tmp_path: Path) -> None:
    other = tmp_path / "2026-kept" / "manifest.json"
    other.parent.mkdir()
    other.write_text("{}")

    for number in range(4):
        backup.take(DAY + timedelta(days=number))

    assert other.exists()


def test_a_changed_file_is_named(backup: Backup, tmp_path: Path) -> None:
    copy = backup.take(DAY).copies[0]
    (tmp_path / f"{DAY}" / copy.file).write_bytes(b"something else")

    (said,) = backup.try_out(DAY)

    assert copy.file in said
    assert "checksum" in said
    with pytest.raises(Failure) as refused:
        backup.restore(DAY)
    assert refused.value.type is FailureType.INVALID


def test_a_copy_that_restores_other_rows_is_named(backup: Backup, tmp_path: Path) -> None:
    manifest = backup.take(DAY)
    users, others = manifest.copies
    lying = users.model_copy(update={"rows": {"person": 3, "nothing": 0}})
    text = manifest.model_copy(update={"copies": (lying, others)}).model_dump_json()
    (tmp_path / f"{DAY}" / "manifest.json").write_text(text)

    assert backup.try_out(DAY) == ["users.person has 2 rows after restoring, 3 were copied"]


def test_everything_comes_back(backup: Backup, copier: MemoryCopier) -> None:
    backup.take(DAY)
    copier.databases.clear()

    backup.restore(DAY)

    assert copier.databases == {name: {"person": ["a", "b"], "nothing": []} for name in NAMES}


def test_a_day_without_a_backup_says_which_there_are(backup: Backup) -> None:
    backup.take(DAY)

    with pytest.raises(Failure) as refused:
        backup.restore(DAY - timedelta(days=1))

    assert refused.value.type is FailureType.NOT_FOUND
    assert f"{DAY}" in refused.value.message
