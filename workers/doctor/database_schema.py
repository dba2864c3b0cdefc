"""One schema: whether it is there, and whether its tables are of this version."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from schema.db.migrate import configuration
from workers.doctor.database_host import ASK_SECONDS, NO_DATABASE
from workers.doctor.finding import About, Finding

MIGRATE = "Run `make migrate`."


def look_at_schema(schema: str, url: URL) -> Finding:
    """Reads only: a missing SQLite file is not made."""
    about = About("databases", schema)
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not Path(url.database or "").is_file():
        return about.bad(f"there is no {url.database}", MIGRATE)
    try:
        return _revision(about, schema, url, is_file)
    except DBAPIError as error:
        return _trouble(about, url, error)


def _revision(about: About, schema: str, url: URL, is_file: bool) -> Finding:
    plain = url.set(drivername="sqlite" if is_file else "mysql+pymysql")
    limits = {"timeout": ASK_SECONDS}
    if not is_file:
        limits = {"connect_timeout": ASK_SECONDS, "read_timeout": ASK_SECONDS}
    engine = create_engine(plain, poolclass=NullPool, connect_args=limits)
    try:
        with engine.connect() as connection:
            stands = MigrationContext.configure(connection).get_current_revision()
            return _compared(about, stands, _newest(schema, connection))
    finally:
        engine.dispose()


def _newest(schema: str, connection: Connection) -> str | None:
    return ScriptDirectory.from_config(configuration(schema, connection)).get_current_head()


def _compared(about: About, stands: str | None, newest: str | None) -> Finding:
    if stands == newest:
        return about.good(f"at the newest revision, {newest}")
    if stands is None:
        return about.bad("it has no tables yet", MIGRATE)
    if newest is not None and stands > newest:
        said = f"it is at revision {stands}, newer than this version's {newest}"
        return about.doubt(said, "Install the version that made it; older ones work beside it for a while.")
    return about.bad(f"it is at revision {stands}, this version needs {newest}", MIGRATE)


def _trouble(about: About, url: URL, error: DBAPIError) -> Finding:
    arguments = error.orig.args if error.orig is not None else ()
    if arguments and arguments[0] in NO_DATABASE:
        said = f"there is no database {url.database}, or the account {url.username} may not use it"
        return about.bad(
            said, "Make it (utf8mb4, utf8mb4_bin) and grant it to the account; then `make migrate`."
        )
    said = f"it cannot be read: {arguments[-1] if arguments else type(error.orig).__name__}"
    return about.bad(
        said,
        "Look at the database's log; a file may be damaged: `python -m workers restore` brings a backup.",
    )
