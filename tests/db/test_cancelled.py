"""Somebody cancelled in the middle of a statement, on SQLite: the file is not theirs any more."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.session import Databases
from tests.db.test_session import a_row, rows_in

LONG = """WITH RECURSIVE counted(number) AS
    (SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < 1000000)
    SELECT max(number) FROM counted"""


async def test_who_is_cancelled_in_a_statement_locks_nobody_out(databases: Databases) -> None:
    """The task that was cancelled still holds the statement's cursor; SQLite itself would wait until that is gone."""

    async def add(session: AsyncSession) -> None:
        session.add(a_row())
        await session.flush()

    async def add_slowly(session: AsyncSession) -> None:
        await add(session)
        under_way.set()
        await session.execute(text(LONG))

    under_way = asyncio.Event()
    cancelled = asyncio.create_task(databases.notifications.run(add_slowly))
    await under_way.wait()
    await asyncio.sleep(0.01)
    cancelled.cancel()
    await asyncio.wait([cancelled])

    async with asyncio.timeout(20):
        await databases.notifications.run(add)

    assert cancelled.cancelled()
    assert await rows_in(databases) == 1
