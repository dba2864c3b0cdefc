"""Databases of six real SQLite files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schema.db.schemas import METADATA
from schema.db.session import Databases


@pytest.fixture
async def databases(tmp_path: Path) -> AsyncIterator[Databases]:
    opened = Databases.open(lambda name: f"sqlite+aiosqlite:///{tmp_path / name}.sqlite3")
    for name, metadata in METADATA.items():
        async with getattr(opened, name).write() as session:
            await (await session.connection()).run_sync(metadata.create_all)
    yield opened
    await opened.close()
