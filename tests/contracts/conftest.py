"""Every contract runs in memory and on SQLite files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schema.db.session import Databases
from tests.contracts.memory_world import MemoryWorld
from tests.contracts.sql_world import SqlWorld
from tests.contracts.world import World
from tests.db.database import copy_of, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
async def databases(tmp_path: Path, template: Path) -> AsyncIterator[Databases]:
    opened = Databases.open(copy_of(template, tmp_path / "db"))
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest) -> World:
    return MemoryWorld() if request.param == "memory" else SqlWorld(request.getfixturevalue("databases"))
