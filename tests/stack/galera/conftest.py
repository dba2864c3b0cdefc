"""Databases on the stack's Galera: migrated once, emptied after each test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from schema.db.migrate import migrate
from schema.db.session import Databases
from tests.contracts.sql_world import SqlWorld
from tests.contracts.world import World
from tests.db.database import addresses_of
from tests.stack.galera.cluster import Cluster
from tests.stack.running import RunningStack


@pytest.fixture(scope="session")
def cluster(stack: RunningStack) -> Iterator[Cluster]:
    cluster = Cluster(stack)
    asyncio.run(cluster.make())
    migrate(cluster.addresses())
    yield cluster
    asyncio.run(cluster.drop())


@pytest.fixture
async def pattern(cluster: Cluster) -> AsyncIterator[str]:
    yield cluster.pattern()
    await cluster.clear()


@pytest.fixture
async def databases(pattern: str) -> AsyncIterator[Databases]:
    opened = Databases.open(addresses_of(pattern))
    yield opened
    await opened.close()


@pytest.fixture
def world(databases: Databases) -> World:
    return SqlWorld(databases)


@pytest.fixture
async def empty(stack: RunningStack) -> AsyncIterator[Callable[[str], str]]:
    """URLs of six databases that nobody has migrated."""
    cluster = Cluster(stack, "empty")
    await cluster.make()
    yield cluster.addresses()
    await cluster.drop()
