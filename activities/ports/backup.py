"""Copies of whole databases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

Rows = Mapping[str, int]


class DatabaseCopier(Protocol):
    """Copies a database while it is used, and brings it back. Blocking; rows are counted by table.

    Every method raises UNAVAILABLE when the engine does not answer or refuses, with what it said.
    """

    engine: str
    suffix: str

    def copy(self, database: str, into: Path) -> Rows:
        """Write one consistent state into a compressed file. Raises NOT_FOUND where there is no such database."""

    def restore(self, database: str, copy: Path) -> Rows:
        """Bring a copy back into its place, which must be empty. Raises CONFLICT when there are tables."""

    def try_out(self, database: str, copy: Path) -> Rows:
        """Bring a copy back beside the real one, count, and remove it again. Raises INVALID for a broken copy."""
