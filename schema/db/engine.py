"""Makes the engines of one schema: what a connection is told, on SQLite and on MariaDB."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_SECONDS = 30
READERS = 3  # each SQLite connection is a thread

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # FULL syncs the log at each commit: an acknowledged answer survives the loss of power too, not only kill -9.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def writing_engine(address: str) -> AsyncEngine:
    """An engine whose transactions may write. On SQLite it has one connection: its waiters queue instead of polling."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return _server_engine(url)
    make_folder(url)
    engine = create_async_engine(url, pool_size=1, max_overflow=0, connect_args=_connect_args())
    tell_sqlite(engine.sync_engine, "BEGIN IMMEDIATE")
    return engine


def reading_engine(address: str) -> AsyncEngine:
    """An engine whose transactions only read."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return _server_engine(url)
    make_folder(url)
    engine = create_async_engine(url, pool_size=READERS, max_overflow=0, connect_args=_connect_args())
    tell_sqlite(engine.sync_engine, "BEGIN", "PRAGMA query_only = ON")
    return engine


def tell_sqlite(engine: Engine, begin: str, *further: str) -> None:
    """Set each connection's pragmas, and begin transactions ourselves: the driver's own way begins too late."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *further):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def make_folder(url: URL) -> None:
    """Make the folder of an SQLite file."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _connect_args() -> dict[str, Any]:
    return {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}


def _server_engine(url: URL) -> AsyncEngine:
    # READ COMMITTED takes no gap locks, so conditional writes rarely deadlock; pings find connections to a lost node.
    return create_async_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_pre_ping=True,
        pool_recycle=300,
        isolation_level="READ COMMITTED",
    )
