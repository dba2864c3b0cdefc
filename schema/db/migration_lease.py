"""Lets one process of all migrate a schema, whichever node of a cluster each of them is connected to.

GET_LOCK and locks of rows hold on one node only; what all nodes agree on is a commit. So the lease is a row that its
holder counts up, and whoever sees the count stand still for long takes it over. No server's clock is asked.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from schema.db.session import is_passing
from schema.ids import new_id

log = logging.getLogger(__name__)

TABLE = "migration_lease"
PATIENCE = timedelta(minutes=10)
POLL = timedelta(milliseconds=200)
TRIES = 40

_MAKE = (
    "CREATE TABLE IF NOT EXISTS migration_lease "
    "(id INT PRIMARY KEY, holder CHAR(36) NOT NULL, beat BIGINT NOT NULL)"
)
_LOOK = "SELECT holder, beat FROM migration_lease"
_TAKE = "INSERT IGNORE INTO migration_lease (id, holder, beat) VALUES (1, :me, 0)"
_TAKE_OVER = "UPDATE migration_lease SET holder = :me, beat = 0 WHERE holder = :holder AND beat = :beat"
_BEAT = "UPDATE migration_lease SET beat = beat + 1 WHERE holder = :me"
_GIVE_BACK = "DELETE FROM migration_lease WHERE holder = :me"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a holder shows that it lives, and when others may take it for dead."""

    beat: timedelta = timedelta(seconds=3)
    dead_after: timedelta = timedelta(seconds=30)


class LeaseLost(Exception):
    """Another process took this one for dead and migrates, or has migrated."""


class MigrationLease:
    """The right to migrate the schema that an engine is connected to."""

    def __init__(self, engine: Engine, rhythm: Rhythm | None = None) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._rhythm = rhythm or Rhythm()
        self._me = str(new_id())
        self._ended = threading.Event()
        self._held_at = 0.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for it, keep it, give it back. Raises TimeoutError, LeaseLost."""
        self._take()
        keeper = threading.Thread(target=self._keep, name="migration lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            self._ended.set()
            keeper.join()
            is_kept = self._is_mine()
            self._run(_GIVE_BACK, me=self._me)
        if not is_kept:
            raise LeaseLost(
                f"another process took this one for dead while it migrated {self._engine.url.database}, and "
                "migrates too; look at the result of both before you go on"
            )

    def _take(self) -> None:
        if not inspect(self._engine).has_table(TABLE):
            self._run(_MAKE)
        seen, seen_at, until = None, 0.0, time.monotonic() + PATIENCE.total_seconds()
        while (now := time.monotonic()) < until:
            standing = self._run(_LOOK)
            if standing is None:
                self._run(_TAKE, me=self._me)
            elif standing[0] == self._me:
                return
            elif standing != seen:
                seen, seen_at = standing, now
            elif now > seen_at + self._rhythm.dead_after.total_seconds():
                self._run(_TAKE_OVER, me=self._me, holder=seen[0], beat=seen[1])
            else:
                time.sleep(POLL.total_seconds())
        raise TimeoutError(
            f"another process has migrated {self._engine.url.database} for {PATIENCE}; "
            f"look at it, and if there is none, delete the row of its table {TABLE}"
        )

    def _keep(self) -> None:
        while not self._ended.wait(self._rhythm.beat.total_seconds()):
            try:
                self._run(_BEAT, me=self._me)
            except DBAPIError as error:
                log.warning("the migration's lease was not renewed, trying again: %s", error.orig)

    def _is_mine(self) -> bool:
        standing = self._run(_LOOK)
        return standing is not None and standing[0] == self._me

    def _run(self, statement: str, **values: object) -> tuple[Any, ...] | None:
        """The first row of a statement of its own commit; again while it fails for a passing reason."""
        for tried in range(1, TRIES + 1):
            try:
                with self._engine.connect() as connection:
                    result = connection.execute(text(statement), values)
                    row = result.first() if result.returns_rows else None
                    return None if row is None else tuple(row)
            except DBAPIError as error:
                if not is_passing(error) or tried == TRIES:
                    raise
            time.sleep(POLL.total_seconds())
        raise AssertionError("the last try returns or raises")
