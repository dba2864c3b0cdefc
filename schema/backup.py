"""What is known of a copy of the databases: which files, and how many rows in each table."""

from datetime import date, datetime

from schema.model import Message


class DatabaseCopy(Message):
    """One database in one compressed file; `rows` are those of each table when it was copied."""

    database: str  # of schema.db.schemas.METADATA
    file: str
    size: int  # bytes
    sha256: str
    rows: dict[str, int]


class BackupManifest(Message):
    """A whole backup: `day` is the one it is named for, each database is consistent in itself."""

    day: date
    taken_at: datetime
    engine: str
    copies: tuple[DatabaseCopy, ...]
