"""What each connection to SQLite is told."""

import pytest
from sqlalchemy import text

from schema.db.session import Databases


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
async def test_connections_are_told(databases: Databases, pragma: str, value: object) -> None:
    async with databases.users.write() as session:
        assert await session.scalar(text(f"PRAGMA {pragma}")) == value
