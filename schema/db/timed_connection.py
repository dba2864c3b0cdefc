"""A connection of aiomysql that waits for no one for ever: the driver bounds neither the greeting nor an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiomysql

CANNOT_CONNECT, LOST = 2003, 2013


class TimedConnection(aiomysql.Connection):  # type: ignore[misc]  # aiomysql has no types
    """Raises 2013, as for a lost connection, when a statement is not answered in `answer_seconds`."""

    answer_seconds = 20.0

    async def _read_query_result(self, unbuffered: bool = False) -> None:
        async with self._bounded():
            await super()._read_query_result(unbuffered)

    async def _read_ok_packet(self) -> bool:
        async with self._bounded():
            return bool(await super()._read_ok_packet())

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.answer_seconds):
                yield
        except TimeoutError as error:  # by now the cancelled read has closed the connection
            said = f"Lost connection to MySQL server during query (no answer in {self.answer_seconds:.0f} s)"
            raise aiomysql.OperationalError(LOST, said) from error


async def connect_in_time(connect_timeout: float, **parameters: Any) -> TimedConnection:
    """A connection, greeted within the time. Raises OperationalError 2003."""
    connection = TimedConnection(**parameters)
    try:
        async with asyncio.timeout(connect_timeout):
            await connection._connect()
    except TimeoutError as error:
        connection.close()
        said = f"Can't connect to MySQL server (no greeting in {connect_timeout:.0f} s)"
        raise aiomysql.OperationalError(CANNOT_CONNECT, said) from error
    return connection
