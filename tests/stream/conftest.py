"""A node with an empty disk for each test, or one for a whole module; migrations run once and are copied."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from api.spool.running import RunningSpool
from schema.db.migrate import upgrade
from schema.settings import Settings
from tests.stream.node import Node, serving, settings_for


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    settings = settings_for(folder)
    for schema in ("monitoring", "users", "reservations", "corrections"):
        upgrade(schema, settings.database_url_of(schema))
    return folder / "db"


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> Settings:
    shutil.copytree(migrated, tmp_path / "db")
    return settings_for(tmp_path)


@pytest.fixture
async def running(settings: Settings) -> AsyncIterator[tuple[Node, RunningSpool]]:
    async with serving(settings) as served:
        yield served


@pytest.fixture
def node(running: tuple[Node, RunningSpool]) -> Node:
    return running[0]


@pytest.fixture
def spool(running: tuple[Node, RunningSpool]) -> RunningSpool:
    return running[1]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_node(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncIterator[Node]:
    """For tests that look at their own attempt only; they run on the module's loop."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copytree(migrated, folder / "db")
    async with serving(settings_for(folder)) as (node, _):
        yield node
