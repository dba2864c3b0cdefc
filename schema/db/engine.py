"""Makes the engines of one schema: what a connection is told, on SQLite and on MariaDB."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from schema.database_address import one_each
from schema.db.node import Nodes
from schema.db.schemas import METADATA
from schema.db.server import nodes_of, tell_server

BUSY_TIMEOUT_SECONDS = 30
READERS = 3  # each SQLite connection is a thread

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # FULL syncs the log at each commit: an acknowledged answer survives the loss of power too, not only kill -9.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

# READ COMMITTED takes no gap locks, so conditional writes rarely deadlock.
WRITING = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE"
READING = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def writing_engine(address: str) -> AsyncEngine:
    """An engine whose transactions may write. On SQLite it has one connection: its waiters queue instead of polling."""
    urls = urls_of(address)
    if urls[0].get_backend_name() != "sqlite":
        return _server_engine(urls, WRITING)
    make_folder(urls[0])
    engine = create_async_engine(urls[0], pool_size=1, max_overflow=0, connect_args=_connect_args())
    tell_sqlite(engine.sync_engine, "BEGIN IMMEDIATE")
    return engine


def reading_engine(address: str) -> AsyncEngine:
    """An engine whose transactions only read, each of them one moment's state."""
    urls = urls_of(address)
    if urls[0].get_backend_name() != "sqlite":
        return _server_engine(urls, READING)
    make_folder(urls[0])
    engine = create_async_engine(urls[0], pool_size=READERS, max_overflow=0, connect_args=_connect_args())
    tell_sqlite(engine.sync_engine, "BEGIN", "PRAGMA query_only = ON")
    return engine


def urls_of(address: str) -> tuple[URL, ...]:
    """A schema's address at each host that it names. Raises ValueError."""
    return tuple(make_url(each) for each in one_each(address))


def nodes_for(urls: tuple[URL, ...]) -> Nodes:
    """The hosts in a schema's own order.

    All processes write a schema at one node, so no two nodes have to agree afterwards on one row; the six schemas
    prefer different nodes, so that all of them work.
    """
    name = urls[0].database or ""
    places = [place for place, schema in enumerate(METADATA) if name.endswith(schema)]
    return nodes_of(urls, places[0] if places else 0)


def tell_sqlite(engine: Engine, begin: str, *further: str) -> None:
    """Set each connection's pragmas, and begin transactions ourselves: the driver's own way begins too late."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *further):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "invalidate")
    def _given_up(connection: Any, _entry: ConnectionPoolEntry, _error: BaseException | None) -> None:
        # Whoever was cancelled in a statement still holds its cursor, and SQLite closes nothing before that is gone:
        # without this the schema stays locked until Python's collector comes by.
        connection.rollback()

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def make_folder(url: URL) -> None:
    """Make the folder of an SQLite file."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _connect_args() -> dict[str, Any]:
    return {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}


def _server_engine(urls: tuple[URL, ...], isolation: str) -> AsyncEngine:
    # Here, because the embedded product has no server to connect to.
    from schema.db.timed_connection import connect_in_time

    engine = create_async_engine(
        urls[0],
        pool_size=5,
        max_overflow=10,
        pool_pre_ping=True,  # finds connections to a lost node
        pool_recycle=300,
        connect_args={"async_creator_fn": connect_in_time},
    )
    tell_server(engine.sync_engine, nodes_for(urls), isolation)
    return engine
