"""Migrated SQLite files: migrated once, copied for each test."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from schema.database_address import with_schema
from schema.db.migrate import migrate


def pattern_in(folder: Path) -> str:
    """The pattern of six files in a folder, as DATABASE_URL would say it."""
    return f"sqlite+aiosqlite:///{folder}/{{schema}}.sqlite3"


def addresses_of(pattern: str) -> Callable[[str], str]:
    """URLs of the six schemas; it can travel to another process."""
    return partial(with_schema, pattern)


def addresses_in(folder: Path) -> Callable[[str], str]:
    """URLs of the six schemas' files in a folder."""
    return addresses_of(pattern_in(folder))


def make_template(folder: Path) -> Path:
    """A folder with all six schemas at head and no rows."""
    migrate(addresses_in(folder))
    return folder


def copy_of(template: Path, folder: Path) -> Callable[[str], str]:
    """URLs of a fresh copy."""
    shutil.copytree(template, folder)
    return addresses_in(folder)
