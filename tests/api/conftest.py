"""An API over real SQLite files, with a clock that tests move and passwords that hash fast."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from activities.adapters.feed import HttpRecordFeed
from activities.adapters.files import FileStore
from api.app import create_app
from api.context import utc_now
from api.password import Passwords
from schema.db.schemas import METADATA
from schema.db.session import Databases
from schema.queue import SearchName
from schema.settings import Part, Settings
from tests.api.house import House, MovableClock
from workers.build import io_worker, lifecycle_worker
from workers.equipment import Equipment
from workers.temporal_server import binary

PARTS = frozenset({Part.USERS, Part.RESERVATIONS})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, var_dir=tmp_path, demo_accounts=False, rate_limits=False)


@pytest.fixture(scope="session")
def empty_databases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SQLite files with all tables, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("databases")
    for name, metadata in METADATA.items():
        engine = create_engine(f"sqlite:///{folder / name}.sqlite3")
        metadata.create_all(engine)
        engine.dispose()
    return folder


@pytest.fixture
async def databases(settings: Settings, empty_databases: Path) -> AsyncIterator[Databases]:
    shutil.copytree(empty_databases, settings.var_dir / "db")
    opened = Databases.open(settings.database_url_of)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def app(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    return create_app(
        settings,
        PARTS,
        databases=databases,
        passwords=Passwords(rounds=4),
        clock=clock,
        pace=timedelta(milliseconds=5),
    )


@pytest.fixture
async def house(app: FastAPI, databases: Databases, clock: MovableClock) -> AsyncIterator[House]:
    async with serving(app) as client:
        yield House(client, app.state.context, clock)


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running application."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


@pytest.fixture
async def temporal() -> AsyncIterator[Client]:
    """The development server, in memory."""
    async with await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(binary("temporal")),
        search_attributes=[SearchAttributeKey.for_keyword(name) for name in SearchName],
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(minutes=1),  # five seconds may be too few for a busy machine
    ) as environment:
        yield environment.client


@pytest.fixture
async def working(temporal: Client, databases: Databases, settings: Settings) -> AsyncIterator[None]:
    """The workers of lifecycle and mail; nobody watches pictures."""
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False) as internal:
        store = FileStore(settings.lake_dir)
        tools = Equipment(settings, temporal, databases, store, HttpRecordFeed(internal), internal)
        async with lifecycle_worker(tools), io_worker(tools):
            yield


@pytest.fixture
async def live(
    temporal: Client, working: None, settings: Settings, databases: Databases
) -> AsyncIterator[House]:
    """The same API with workflows, in real time."""
    app = create_app(settings, PARTS, databases=databases, temporal=temporal, passwords=Passwords(rounds=4))
    async with serving(app) as client:
        yield House(client, app.state.context, MovableClock(utc_now()))
