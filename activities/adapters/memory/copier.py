"""Databases as rows in memory, and their copies as JSON."""

import gzip
import json
from pathlib import Path

from activities.ports.backup import Rows
from schema.failures import Failure, FailureType

Tables = dict[str, list[str]]


class MemoryCopier:
    """Implements DatabaseCopier over `databases`: name, then table, then its rows."""

    engine = "memory"
    suffix = "json.gz"

    def __init__(self, databases: dict[str, Tables]) -> None:
        self.databases = databases

    def copy(self, database: str, into: Path) -> Rows:
        """Write the rows. Raises NOT_FOUND."""
        if database not in self.databases:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such database; go back and choose it again",
                database_id=database,
            )
        tables = self.databases[database]
        into.write_bytes(gzip.compress(json.dumps(tables).encode()))
        return _counted(tables)

    def restore(self, database: str, copy: Path) -> Rows:
        """Bring a copy back. Raises CONFLICT, INVALID."""
        if self.databases.get(database):
            raise Failure(FailureType.CONFLICT, f"{database} is not empty")
        tables = _unpacked(copy)
        self.databases[database] = tables
        return _counted(tables)

    def try_out(self, database: str, copy: Path) -> Rows:
        """Unpack and count. Raises INVALID."""
        return _counted(_unpacked(copy))


def _unpacked(copy: Path) -> Tables:
    try:
        tables: Tables = json.loads(gzip.decompress(copy.read_bytes()))
    except (OSError, EOFError, ValueError) as error:
        raise Failure(FailureType.INVALID, f"{copy} cannot be unpacked: {error}") from error
    return tables


def _counted(tables: Tables) -> Rows:
    return {name: len(rows) for name, rows in tables.items()}
