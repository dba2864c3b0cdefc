"""Databases of a test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schema.db.session import Databases
from tests.db.database import addresses_in, copy_of, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    """Where the six files lie."""
    copy_of(template, tmp_path / "db")
    return tmp_path / "db"


@pytest.fixture
async def databases(folder: Path) -> AsyncIterator[Databases]:
    opened = Databases.open(addresses_in(folder))
    yield opened
    await opened.close()
