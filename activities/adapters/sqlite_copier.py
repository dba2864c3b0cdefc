"""Copies of SQLite files by SQLite's own online backup, which sees one consistent state while others write."""

import gzip
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from activities.ports.backup import Rows
from schema.failures import Failure, FailureType

BUSY_SECONDS = 30.0


class SqliteCopier:
    """Implements DatabaseCopier; `url_of` maps a database's name to its SQLAlchemy URL."""

    engine = "sqlite"
    suffix = "sqlite3.gz"

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self._url_of = url_of

    def copy(self, database: str, into: Path) -> Rows:
        """Write one consistent state. Raises NOT_FOUND, UNAVAILABLE."""
        source = self._path(database)
        if not source.exists():
            what = f"there is no database {source}; `python -m workers migrate` makes it"
            raise Failure(FailureType.NOT_FOUND, what)
        with tempfile.TemporaryDirectory(dir=into.parent) as folder:
            plain = Path(folder) / "copy"
            rows = _copied(source, plain)
            with plain.open("rb") as file, gzip.open(into, "wb") as packed:
                shutil.copyfileobj(file, packed)
        return rows

    def restore(self, database: str, copy: Path) -> Rows:
        """Bring a copy back where no file is. Raises CONFLICT, INVALID."""
        target = self._path(database)
        if target.exists():
            what = f"{target} exists; stop the product and move it away, with its -wal and -shm, before restoring"
            raise Failure(FailureType.CONFLICT, what)
        target.parent.mkdir(parents=True, exist_ok=True)
        with _unpacked(copy, target.parent) as plain:
            rows = _examined(plain)
            plain.rename(target)
        return rows

    def try_out(self, database: str, copy: Path) -> Rows:
        """Unpack into a scratch file, examine, and count. Raises INVALID."""
        with _unpacked(copy, copy.parent) as plain:
            return _examined(plain)

    def _path(self, database: str) -> Path:
        return Path(make_url(self._url_of(database)).database or "")


def _copied(source: Path, target: Path) -> Rows:
    address = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            return _counted(copy)
    except sqlite3.Error as error:
        raise Failure(FailureType.UNAVAILABLE, f"{source} cannot be copied: {error}") from error


def _examined(path: Path) -> Rows:
    try:
        with closing(sqlite3.connect(path)) as database:
            (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
            if verdict != "ok":
                raise Failure(FailureType.INVALID, f"the copy is damaged: {verdict}")
            return _counted(database)
    except sqlite3.Error as error:
        raise Failure(FailureType.INVALID, f"the copy is no database: {error}") from error


def _counted(database: sqlite3.Connection) -> Rows:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [name for (name,) in database.execute(named)]
    return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


@contextmanager
def _unpacked(copy: Path, beside: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        plain = Path(folder) / "database.sqlite3"
        try:
            with gzip.open(copy, "rb") as packed, plain.open("wb") as file:
                shutil.copyfileobj(packed, file)
        except (OSError, EOFError) as error:
            raise Failure(FailureType.INVALID, f"{copy} cannot be unpacked: {error}") from error
        yield plain
