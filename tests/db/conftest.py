"""Databases of a test's own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from schema.db.session import Databases
from tests.db.database import addresses_in, addresses_of, copy_of, make_template, pattern_in


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def pattern(tmp_path: Path, template: Path) -> str:
    """Where the six are."""
    copy_of(template, tmp_path / "db")
    return pattern_in(tmp_path / "db")


@pytest.fixture
def empty(tmp_path: Path) -> Callable[[str], str]:
    """URLs of six that nobody has migrated."""
    return addresses_in(tmp_path / "empty")


@pytest.fixture
async def databases(pattern: str) -> AsyncIterator[Databases]:
    opened = Databases.open(addresses_of(pattern))
    yield opened
    await opened.close()
