"""Migrated SQLite files: migrated once, copied for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

from schema.db.migrate import migrate


def addresses_in(folder: Path) -> Callable[[str], str]:
    """URLs of the six schemas' files in a folder."""
    return lambda schema: f"sqlite+aiosqlite:///{folder / schema}.sqlite3"


def make_template(folder: Path) -> Path:
    """A folder with all six schemas at head and no rows."""
    migrate(addresses_in(folder))
    return folder


def copy_of(template: Path, folder: Path) -> Callable[[str], str]:
    """URLs of a fresh copy."""
    shutil.copytree(template, folder)
    return addresses_in(folder)
