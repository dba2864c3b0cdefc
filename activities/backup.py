"""Copies of all databases by day: taken, checked, tried out, brought back; the oldest go."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from activities.ports.backup import DatabaseCopier, Rows
from schema.backup import BackupManifest, DatabaseCopy
from schema.failures import Failure, FailureType

MANIFEST = "manifest.json"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PIECE = 2**20


class Backup:
    """Below `folder` one folder a day, the newest `keep` of them; a day's folder appears when it is complete."""

    def __init__(
        self,
        copier: DatabaseCopier,
        databases: Iterable[str],
        folder: Path,
        keep: int,
        now: Callable[[], datetime],
    ) -> None:
        self._copier = copier
        self._databases = tuple(databases)
        self._folder = folder
        self._keep = keep
        self._now = now

    def take(self, day: date) -> BackupManifest:
        """Copy every database. A whole backup of that day is kept: today's state is not written under its name."""
        if (self._folder / f"{day}" / MANIFEST).exists() and not self.damage(day):
            return self.manifest(day)
        with self._unfinished(day) as place:
            copies = tuple(self._copy(database, place) for database in self._databases)
            manifest = BackupManifest(
                day=day, taken_at=self._now(), engine=self._copier.engine, copies=copies
            )
            (place / MANIFEST).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
        self._prune()
        return manifest

    def manifest(self, day: date) -> BackupManifest:
        """What was written about a day's backup. Raises NOT_FOUND."""
        path = self._folder / f"{day}" / MANIFEST
        try:
            return BackupManifest.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            there = ", ".join(self.days()) or "none"
            what = f"there is no backup of {day} in {self._folder}; there are: {there}"
            raise Failure(FailureType.NOT_FOUND, what) from error

    def damage(self, day: date) -> list[str]:
        """A sentence for each file that is missing or not as it was written. Raises NOT_FOUND."""
        found = []
        for copy in self.manifest(day).copies:
            path = self._folder / f"{day}" / copy.file
            if not path.exists():
                found.append(f"{path} is missing")
            elif digest(path) != copy.sha256:
                found.append(f"{path} is not the file that was written: its checksum differs")
        return found

    def try_out(self, day: date) -> list[str]:
        """Bring every database back beside the real ones; a sentence for each that is not whole. Raises NOT_FOUND."""
        if found := self.damage(day):
            return found
        for copy in self.manifest(day).copies:
            try:
                rows = self._copier.try_out(copy.database, self._folder / f"{day}" / copy.file)
            except Failure as failure:
                found.append(f"{copy.database}: {failure.message}")
            else:
                found += _differences(copy, rows)
        return found

    def restore(self, day: date) -> BackupManifest:
        """Bring every database back into its empty place. Raises NOT_FOUND, INVALID for damage, CONFLICT."""
        if found := self.damage(day):
            raise Failure(FailureType.INVALID, "; ".join(found))
        manifest = self.manifest(day)
        for copy in manifest.copies:
            rows = self._copier.restore(copy.database, self._folder / f"{day}" / copy.file)
            if found := _differences(copy, rows):
                raise Failure(FailureType.INVALID, "; ".join(found))
        return manifest

    def days(self) -> list[str]:
        """The days that there is a backup of, the oldest first."""
        return sorted(
            path.parent.name for path in self._folder.glob(f"*/{MANIFEST}") if DAY.fullmatch(path.parent.name)
        )

    def _copy(self, database: str, place: Path) -> DatabaseCopy:
        path = place / f"{database}.{self._copier.suffix}"
        rows = self._copier.copy(database, path)
        return DatabaseCopy(
            database=database, file=path.name, size=path.stat().st_size, sha256=digest(path), rows=dict(rows)
        )

    @contextmanager
    def _unfinished(self, day: date) -> Iterator[Path]:
        place, final = self._folder / f"{day}.unfinished", self._folder / f"{day}"
        shutil.rmtree(place, ignore_errors=True)
        # The copies hold everything that is known of people.
        place.mkdir(parents=True, mode=0o700)
        yield place
        shutil.rmtree(final, ignore_errors=True)
        place.rename(final)

    def _prune(self) -> None:
        for day in self.days()[: -self._keep]:
            shutil.rmtree(self._folder / day)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    said = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            said.update(piece)
    return said.hexdigest()


def _differences(copy: DatabaseCopy, rows: Rows) -> list[str]:
    tables = sorted(copy.rows.keys() | rows.keys())
    return [
        f"{copy.database}.{table} has {rows.get(table, 0)} rows after restoring, {copy.rows.get(table, 0)} were copied"
        for table in tables
        if rows.get(table) != copy.rows.get(table)
    ]
