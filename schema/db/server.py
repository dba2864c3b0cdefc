"""Connects an engine to a MariaDB server, or to whichever node of a Galera cluster works."""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from schema.db.node import Node, Nodes

CONNECT_SECONDS = 2.0
CANNOT_CONNECT, NOT_READY = 2003, 1047
# No right to the database, a wrong account, no such database: the same at every node.
LASTING = frozenset({1044, 1045, 1049, 1698})

SYNCED = frozenset({"Synced"})
SYNCED_OR_DONOR = SYNCED | {"Donor/Desynced"}  # a donor may stand still while it sends its data

# A transaction begins only when its node has applied what was committed at the others before: it sees its own
# earlier writes, whichever node took them, and an update does not miss a row that is on its way.
_WAIT_FOR_OTHERS = "SET SESSION wsrep_sync_wait = 7"
# Well before TimedConnection takes silence for the loss of the node.
_WAIT_FOR_LOCKS = "SET SESSION innodb_lock_wait_timeout = 10"

Connection = Any  # pymysql's, or aiomysql's in SQLAlchemy's synchronous dress


def nodes_of(urls: Iterable[URL], first: int = 0) -> Nodes:
    """The hosts of a schema's addresses, beginning with number `first` of them."""
    nodes = [Node(url.host or "localhost", url.port or 3306) for url in urls]
    first %= len(nodes)
    return Nodes([*nodes[first:], *nodes[:first]])


def tell_server(engine: Engine, nodes: Nodes, *further: str) -> None:
    """Let connections find a node that works, leave one that does not, and return to the preferred one."""

    @event.listens_for(engine, "do_connect")
    def _connect(
        dialect: Dialect, entry: ConnectionPoolEntry, _: list[Any], parameters: dict[str, Any]
    ) -> Connection:
        node, connection = _first_that_works(dialect, nodes, parameters)
        _execute(connection, _WAIT_FOR_LOCKS, *further)
        entry.info.update(node=node, since=time.monotonic())
        return connection

    @event.listens_for(engine, "checkout")
    def _taken(_connection: Connection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        age = timedelta(seconds=time.monotonic() - entry.info["since"])
        if nodes.is_left_for_better(entry.info["node"], age):
            raise DisconnectionError(f"back to {nodes.preferred}")

    @event.listens_for(engine, "handle_error")
    def _failed(context: ExceptionContext) -> None:
        # The node has left its cluster: none of the connections to it is of use, though they all still stand.
        if number_of(context.original_exception) == NOT_READY:
            context.is_disconnect = True


def number_of(error: BaseException | None) -> int | None:
    """MariaDB's number of an error of the driver."""
    first = error.args[0] if error is not None and error.args else None
    return first if isinstance(first, int) else None


def _first_that_works(dialect: Dialect, nodes: Nodes, parameters: dict[str, Any]) -> tuple[Node, Connection]:
    troubles: dict[Node, str] = {}
    for accepted in (SYNCED, SYNCED_OR_DONOR):
        for node in nodes.in_turn():
            try:
                connection = _connected(dialect, node, parameters, accepted)
            except dialect.loaded_dbapi.Error as error:
                _note(dialect, node, error, troubles)
                nodes.failed(node)
            else:
                nodes.answered(node)
                return node, connection
    said = "; ".join(f"{node}: {trouble}" for node, trouble in troubles.items())
    raise dialect.loaded_dbapi.OperationalError(CANNOT_CONNECT, said)


def _note(dialect: Dialect, node: Node, error: Exception, troubles: dict[Node, str]) -> None:
    number, said = number_of(error), str(error.args[-1]) if error.args else type(error).__name__
    if number in LASTING:
        raise dialect.loaded_dbapi.OperationalError(number, f"{node}: {said}") from error
    troubles[node] = f"{said} ({error.__cause__})" if isinstance(error.__cause__, OSError) else said


def _connected(
    dialect: Dialect, node: Node, parameters: dict[str, Any], accepted: frozenset[str]
) -> Connection:
    there = {**parameters, "host": node.host, "port": node.port, "connect_timeout": CONNECT_SECONDS}
    connection = dialect.connect(**there)
    try:
        if _is_clustered(connection):
            _check_state(dialect, connection, accepted)
            _execute(connection, _WAIT_FOR_OTHERS)
    except dialect.loaded_dbapi.Error:
        connection.close()
        raise
    return connection


def _is_clustered(connection: Connection) -> bool:
    return _shown(connection, "SHOW VARIABLES LIKE 'wsrep_on'").get("wsrep_on") == "ON"


def _check_state(dialect: Dialect, connection: Connection, accepted: frozenset[str]) -> None:
    status = _shown(
        connection, "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state_comment')"
    )
    state = status.get("wsrep_local_state_comment", "unknown")
    if status.get("wsrep_ready") != "ON" or state not in accepted:
        raise dialect.loaded_dbapi.OperationalError(
            NOT_READY, f"not ready in its cluster (its state is {state})"
        )


def _shown(connection: Connection, statement: str) -> dict[str, str]:
    cursor = connection.cursor()
    cursor.execute(statement)
    shown = {str(name): str(value) for name, value in cursor.fetchall()}
    cursor.close()
    return shown


def _execute(connection: Connection, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    connection.rollback()
