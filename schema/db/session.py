"""Sessions on the six schemas: the only place where a transaction begins, commits and is tried again."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Self, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from schema.db.engine import reading_engine, writing_engine
from schema.db.server import number_of
from schema.failures import Failure, FailureType

T = TypeVar("T")

MARIADB_PASSING = frozenset(
    {
        1213, 1205, 1020,  # deadlock or failed certification, lock wait, row changed since it was read
        1047, 1180,  # node not ready, commit failed
        1040, 1053, 1927,  # too many connections, server going down, connection killed
        2003, 2006, 2013,  # cannot connect, server gone, connection lost
        1412,  # a migration has just changed the table
    }
)  # fmt: skip
SAVEPOINT_GONE = 1305
SQLITE_PASSING = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
TRIES = 8
BUSY = "every connection is busy"


class Database:
    """One schema. A writing session inside another writing session of the same schema waits for itself: don't."""

    def __init__(self, url: str, retry_delay: timedelta = timedelta(milliseconds=50)) -> None:
        self._retry_delay = retry_delay
        self._engines = (writing_engine(url), reading_engine(url))
        writer, reader = self._engines
        self._write = async_sessionmaker(writer, expire_on_commit=False)
        self._read = async_sessionmaker(reader, expire_on_commit=False)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction that may write: commits at the end of the block, rolls back on an error.

        Raises UNAVAILABLE when no connection becomes free in time, and when the database fails for a passing reason:
        prefer `run`, which tries again then.
        """
        with _named():
            async with self._write.begin() as session:
                yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent view that cannot write. Keep it short: it holds a connection.

        Raises UNAVAILABLE, as `write` does.
        """
        with _named():
            async with self._read() as session:
                yield session

    async def run(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run a whole writing transaction, commit included, again while it fails for a passing reason.

        The answer to a lost commit is unknown, so `work` must be idempotent. Raises UNAVAILABLE in the end.
        """
        for tried in range(1, TRIES + 1):
            try:
                return await self._once(work)
            except DBAPIError as error:
                if not is_passing(error):
                    raise
                if tried == TRIES:
                    raise _unavailable(f"{TRIES} tries failed, the last one with: {error.orig}") from error
            delay = self._retry_delay * 2**tried
            await asyncio.sleep(delay.total_seconds() * random.uniform(0.5, 1))  # noqa: S311 - spreads retries
        raise AssertionError("the last try returns or raises")

    async def close(self) -> None:
        """Close all connections."""
        for engine in self._engines:
            await engine.dispose()

    async def _once(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        try:
            async with self._write.begin() as session:
                return await work(session)
        except NoConnection as error:
            raise _unavailable(BUSY) from error


@dataclass(frozen=True, slots=True)
class Databases:
    """The six schemas."""

    users: Database
    reservations: Database
    monitoring: Database
    corrections: Database
    notifications: Database
    analytics: Database

    @classmethod
    def open(cls, url_of: Callable[[str], str]) -> Self:
        """Engines for all; nothing connects before it is used. `url_of` maps `users` and so on to its URL."""
        return cls(**{field.name: Database(url_of(field.name)) for field in fields(cls)})

    async def close(self) -> None:
        """Close all connections of all schemas."""
        for field in fields(self):
            await getattr(self, field.name).close()


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed if it is tried again."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_PASSING
    number = number_of(error.orig)
    if number == SAVEPOINT_GONE:  # the deadlock before it has taken all savepoints with it
        return any(is_passing(earlier) for earlier in _earlier(error))
    return error.connection_invalidated or number in MARIADB_PASSING


def _earlier(error: BaseException) -> Iterator[DBAPIError]:
    """What went wrong before it, in the same transaction."""
    while error.__context__ is not None:
        error = error.__context__
        if isinstance(error, DBAPIError):
            yield error


@contextmanager
def _named() -> Iterator[None]:
    """What passes, under the name that callers know."""
    try:
        yield
    except NoConnection as error:
        raise _unavailable(BUSY) from error
    except DBAPIError as error:
        if not is_passing(error):
            raise
        raise _unavailable(f"{error.orig}") from error


def _unavailable(why: str) -> Failure:
    return Failure(
        FailureType.UNAVAILABLE, f"the database cannot take this now, try again: {why}", retry_after=1
    )
