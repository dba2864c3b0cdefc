"""Brings the six schemas to their newest revision, and makes new revisions for developers.

After a change of schema/db/tables: `python -m schema.db.migrate revision SCHEMA "what changed"` writes a revision
below schema/db/migrations/versions/SCHEMA; read it, mend it, and keep it working with the version still running
(add first, use later, remove last). There is one environment; each schema has its own line of revisions, and its
`alembic_version` table stands in its own database.
"""

import fcntl
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from schema.db.engine import BUSY_TIMEOUT_SECONDS, WRITING, make_folder, nodes_for, tell_sqlite, urls_of
from schema.db.migration_lease import MigrationLease
from schema.db.schemas import METADATA
from schema.db.server import tell_server
from schema.db.trouble import DatabaseTrouble, trouble_of

HERE = Path(__file__).parent / "migrations"
LONGEST_CHANGE_SECONDS = 3_600
_SYNC_DRIVER = {"sqlite": "sqlite", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}


def migrate(url_of: Callable[[str], str]) -> None:
    """Upgrade every schema to head; blocking, so call it before the loop or in a thread.

    Safe when several processes start at once: the others wait and find nothing left to do. Raises DatabaseTrouble.
    """
    for schema in METADATA:
        upgrade(schema, url_of(schema))


def upgrade(schema: str, address: str) -> None:
    """Upgrade one schema to head."""
    with connected(address) as connection:
        command.upgrade(configuration(schema, connection), "head")


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    """One blocking transaction that nobody else migrates beside. Raises DatabaseTrouble."""
    engine = blocking_engine(address)
    try:
        _try(address, engine)
        with _alone(engine), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def configuration(schema: str, connection: Connection) -> Config:
    """What alembic.ini would say, for one schema and a connection."""
    config = Config(attributes={"connection": connection, "metadata": METADATA[schema], "is_ours": is_ours})
    config.set_main_option("script_location", _escaped(HERE))
    config.set_main_option("version_locations", _escaped(HERE / "versions" / schema))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    return config


def is_ours(_object: object, name: str | None, *_: object) -> bool:
    """Whether the tables of the code answer for this one."""
    return name != "migration_lease"


def make_revision(schema: str, message: str) -> None:
    """Write a revision with what the tables have and head has not, compared in a scratch database."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/scratch.sqlite3"
        (HERE / "versions" / schema).mkdir(parents=True, exist_ok=True)
        upgrade(schema, address)
        number = len(list((HERE / "versions" / schema).glob("r*.py"))) + 1
        with connected(address) as connection:
            config = configuration(schema, connection)
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")


def blocking_engine(address: str) -> Engine:
    """An engine without a loop and without a pool."""
    urls = urls_of(address)
    backend = urls[0].get_backend_name()
    plain = urls[0].set(drivername=_SYNC_DRIVER[backend])
    if backend != "sqlite":
        engine = create_engine(
            plain, poolclass=NullPool, connect_args={"read_timeout": LONGEST_CHANGE_SECONDS}
        )
        tell_server(engine, nodes_for(urls), WRITING)
        return engine
    make_folder(plain)
    arguments = {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}
    engine = create_engine(plain, poolclass=NullPool, connect_args=arguments)
    tell_sqlite(engine, "BEGIN IMMEDIATE")
    return engine


def check(url_of: Callable[[str], str]) -> None:
    """Connect to each schema on a server once, so that a wrong setting is told at the start. Raises DatabaseTrouble."""
    for schema in METADATA:
        engine = blocking_engine(url_of(schema))
        if engine.dialect.name != "sqlite":
            _try(url_of(schema), engine)
        engine.dispose()


def databases_or_exit(url_of: Callable[[str], str]) -> None:
    """Ends an entry point's process with a line for its operator when a database cannot be used."""
    try:
        check(url_of)
    except DatabaseTrouble as trouble:
        raise SystemExit(str(trouble)) from None


def _try(address: str, engine: Engine) -> None:
    try:
        engine.connect().close()
    except DBAPIError as error:
        raise trouble_of(address, error) from error


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    if engine.dialect.name != "sqlite":
        with MigrationLease(engine).held():
            yield
        return
    with Path(f"{engine.url.database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel gives it back, whatever happens to us
        yield


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["revision", schema, message] if schema in METADATA:
            make_revision(schema, message)
        case _:
            sys.exit(f'usage: python -m schema.db.migrate revision {{{",".join(METADATA)}}} "what changed"')
