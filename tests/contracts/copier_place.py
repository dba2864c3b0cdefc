"""Where the suite of DatabaseCopier runs: a database that can be filled, changed and emptied beside the copier."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

from activities.adapters.memory.copier import MemoryCopier
from activities.adapters.sqlite_copier import SqliteCopier
from activities.ports.backup import DatabaseCopier

# What would break a copy that is not careful: quotes, line ends, something like a statement, letters beyond ASCII.
WORDS = ("plain", 'it\'s `quoted` "twice"', "two\nlines", "INSERT INTO `word` VALUES (1);", "żółć 漢字", "")


class CopierPlace(Protocol):
    """The database is called `users`; its tables are `word` and, without rows, `hollow`."""

    @property
    def copier(self) -> DatabaseCopier: ...

    def fill(self, *words: str) -> None: ...

    def words(self) -> list[str]: ...

    def remove(self) -> None:
        """As on a new machine."""


class MemoryPlace:
    def __init__(self) -> None:
        self.copier = MemoryCopier({})

    def fill(self, *words: str) -> None:
        tables = self.copier.databases.setdefault("users", {"word": [], "hollow": []})
        tables["word"] += words

    def words(self) -> list[str]:
        return self.copier.databases["users"]["word"]

    def remove(self) -> None:
        del self.copier.databases["users"]


class SqlitePlace:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "users.sqlite3"
        self.copier = SqliteCopier(lambda database: f"sqlite+aiosqlite:///{folder / database}.sqlite3")

    def fill(self, *words: str) -> None:
        with closing(sqlite3.connect(self._file)) as database, database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE IF NOT EXISTS word (id INTEGER PRIMARY KEY, word TEXT)")
            database.execute("CREATE TABLE IF NOT EXISTS hollow (id INTEGER PRIMARY KEY)")
            database.executemany("INSERT INTO word (word) VALUES (?)", [(word,) for word in words])

    def words(self) -> list[str]:
        with closing(sqlite3.connect(self._file)) as database:
            return [word for (word,) in database.execute("SELECT word FROM word ORDER BY id")]

    def remove(self) -> None:
        for path in self._file.parent.glob("users.sqlite3*"):
            path.unlink()
