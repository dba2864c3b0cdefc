"""One MariaDB server: whether it answers, whether Galera serves there, whose clock it keeps."""

from datetime import UTC, datetime, timedelta

import pymysql
from sqlalchemy import URL

from workers.doctor.finding import About, Finding

ASK_SECONDS = 5
WRONG_ACCOUNT = frozenset({1045, 1698})
NO_DATABASE = frozenset({1044, 1049})
DEFAULT_PORT = 3306
MAJORITY_FROM = 3  # nodes: with fewer, none may fail
MOST_SKEW = timedelta(seconds=2)


def look_at_host(url: URL, named: int) -> Finding:
    """`named` is how many hosts the address has: each should be a member of one cluster."""
    about = About("databases", f"{url.host}:{url.port or DEFAULT_PORT}")
    try:
        link = _connected(url)
    except pymysql.MySQLError as error:
        return _unreachable(about, url, error)
    try:
        with link, link.cursor() as cursor:
            cursor.execute("SELECT UTC_TIMESTAMP(6)")
            (clock,) = cursor.fetchone() or (None,)
            cursor.execute("SHOW STATUS LIKE 'wsrep_%'")
            status = {str(name): str(value) for name, value in cursor.fetchall()}
    except pymysql.MySQLError as error:
        said = f"it answers and then fails: {_words(error)}"
        return about.bad(said, "Look at the server's log.")
    return _late(about, clock) or _member(about, status, named)


def _connected(url: URL) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
    """Without a database: whether that is there is asked apart."""
    return pymysql.connect(
        host=url.host, port=url.port or DEFAULT_PORT, user=url.username, password=url.password or "",
        connect_timeout=ASK_SECONDS, read_timeout=ASK_SECONDS, write_timeout=ASK_SECONDS,
    )  # fmt: skip


def _unreachable(about: About, url: URL, error: pymysql.MySQLError) -> Finding:
    if error.args and error.args[0] in WRONG_ACCOUNT:
        said = f"it refuses the account {url.username}: {_words(error)}"
        return about.bad(said, "Mend the account or its password in DATABASE_URL.")
    return about.bad(f"it does not answer: {_words(error)}", "Start it, or mend the hosts of DATABASE_URL.")


def _late(about: About, clock: datetime | None) -> Finding | None:
    skew = abs(datetime.now(UTC) - clock.replace(tzinfo=UTC)) if clock else timedelta()
    if skew <= MOST_SKEW:
        return None
    said = f"its clock and this machine's differ by {skew.total_seconds():.1f} s"
    return about.doubt(said, "Keep all machines' clocks by NTP: deadlines are compared across them.")


def _member(about: About, status: dict[str, str], named: int) -> Finding:
    """Galera's own account; a server without Galera has none."""
    if status.get("wsrep_provider_name", "") == "" or status.get("wsrep_cluster_size", "0") == "0":
        if named == 1:
            return about.good("answers; a single server")
        return about.bad("it belongs to no cluster", "Let it join the others, or name one host only.")
    size, state = int(status["wsrep_cluster_size"]), status.get("wsrep_local_state_comment", "unknown")
    if status.get("wsrep_cluster_status") != "Primary" or status.get("wsrep_ready") != "ON":
        said = f"it is cut off from the cluster's majority ({state}) and refuses to work"
        return about.bad(said, "Mend the network between the nodes, or start the missing ones.")
    if state != "Synced":
        return about.doubt(f"its node is {state}", "Wait until it is Synced; the others serve meanwhile.")
    said = f"answers; Galera is Synced, {size} nodes"
    if size < max(named, MAJORITY_FROM):
        return about.doubt(said, "A node is missing: bring it back, before another one fails.")
    return about.good(said)


def _words(error: pymysql.MySQLError) -> str:
    return str(error.args[-1]) if error.args else type(error).__name__
