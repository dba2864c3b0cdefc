"""Sessions: whole transactions or nothing, readers that cannot write, and retries of what passes."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.session import Database, Databases, is_passing
from schema.db.tables.notifications import NotificationRow
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.db.database import addresses_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_row(created_at: datetime = NOON) -> NotificationRow:
    return NotificationRow(
        notification_id=new_id(), person_id=new_id(), kind="k", data={}, created_at=created_at
    )


async def rows_in(databases: Databases) -> int:
    async with databases.notifications.read() as session:
        return await session.scalar(select(func.count()).select_from(NotificationRow)) or 0


class Busy(sqlite3.OperationalError):
    """What SQLite says when somebody else writes."""

    sqlite_errorcode = sqlite3.SQLITE_BUSY


class Deadlock(Exception):
    """What the MariaDB driver says of a deadlock."""

    def __init__(self) -> None:
        super().__init__(1213, "Deadlock found when trying to get lock")


def trouble(original: Exception) -> DBAPIError:
    return OperationalError("INSERT", {}, original)


async def test_a_block_is_committed_whole(databases: Databases) -> None:
    row = a_row()
    async with databases.notifications.write() as session:
        session.add(row)

    assert await rows_in(databases) == 1
    assert row.created_at == NOON  # readable after the commit, without a query


async def test_an_error_rolls_everything_back(databases: Databases) -> None:
    async def work(session: AsyncSession) -> None:
        session.add(a_row())
        await session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await databases.notifications.run(work)

    assert await rows_in(databases) == 0


async def test_a_reading_session_cannot_write(databases: Databases) -> None:
    async with databases.notifications.read() as session:
        session.add(a_row())

        with pytest.raises(OperationalError, match=r"(?i)read.?only"):
            await session.flush()


async def test_a_reader_sees_one_moment(databases: Databases) -> None:
    count = select(func.count()).select_from(NotificationRow)
    async with databases.notifications.read() as reader:
        before = await reader.scalar(count)
        async with databases.notifications.write() as writer:
            writer.add(a_row())
        during = await reader.scalar(count)

    assert (before, during, await rows_in(databases)) == (0, 0, 1)


async def test_instants_come_back_aware_and_naive_ones_are_refused(databases: Databases) -> None:
    async with databases.notifications.write() as session:
        session.add(a_row(NOON.replace(microsecond=123456)))
    async with databases.notifications.read() as session:
        (row,) = await session.scalars(select(NotificationRow))

    assert row.created_at == NOON.replace(microsecond=123456)
    with pytest.raises(StatementError, match="naive"):
        async with databases.notifications.write() as session:
            session.add(a_row(NOON.replace(tzinfo=None)))


@pytest.mark.parametrize("original", [Busy(), Deadlock()])
async def test_a_passing_trouble_is_tried_again_as_a_whole(databases: Databases, original: Exception) -> None:
    tries = 0

    async def work(session: AsyncSession) -> str:
        nonlocal tries
        tries += 1
        session.add(a_row())
        await session.flush()
        if tries < 3:
            raise trouble(original)
        return "done"

    assert await databases.notifications.run(work) == "done"
    assert (tries, await rows_in(databases)) == (3, 1)


async def test_a_trouble_that_does_not_pass_makes_the_database_unavailable(pattern: str) -> None:
    database = Database(addresses_of(pattern)("users"), retry_delay=timedelta(microseconds=1))

    async def work(session: AsyncSession) -> None:
        raise trouble(Busy())

    with pytest.raises(Failure) as refused:
        await database.run(work)
    await database.close()

    assert refused.value.type is FailureType.UNAVAILABLE


@pytest.mark.parametrize("way", ["read", "write"])
async def test_what_passes_is_unavailable_where_nobody_tries_again(databases: Databases, way: str) -> None:
    with pytest.raises(Failure) as refused:
        async with getattr(databases.notifications, way)():
            raise trouble(Deadlock())

    assert refused.value.type is FailureType.UNAVAILABLE
    assert refused.value.extra == {"retry_after": 1}


def test_a_savepoint_that_is_gone_passes_when_a_deadlock_took_it() -> None:
    alone, after = trouble(Exception(1305, "no savepoint")), trouble(Exception(1305, "no savepoint"))
    after.__context__ = trouble(Deadlock())

    assert not is_passing(alone)
    assert is_passing(after)


async def test_a_lasting_trouble_is_raised_at_once(databases: Databases) -> None:
    tries = 0

    async def work(session: AsyncSession) -> None:
        nonlocal tries
        tries += 1
        await session.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DBAPIError, match="nowhere"):
        await databases.notifications.run(work)

    assert tries == 1


def test_what_passes_is_known_by_its_number() -> None:
    assert is_passing(trouble(Busy()))
    assert is_passing(trouble(Deadlock()))
    assert not is_passing(trouble(sqlite3.IntegrityError("UNIQUE")))
    assert not is_passing(trouble(Exception(1062, "Duplicate entry")))


async def test_writers_stand_in_line(databases: Databases) -> None:
    async def add(session: AsyncSession) -> None:
        session.add(a_row())

    await asyncio.gather(*[databases.notifications.run(add) for _ in range(100)])

    assert await rows_in(databases) == 100


async def test_a_cancelled_transaction_gives_its_connection_back(databases: Databases) -> None:
    """There is one writing connection: losing it would stop everybody."""

    async def add(session: AsyncSession) -> None:
        session.add(a_row())
        await session.flush()

    await databases.notifications.run(add)
    for delay in range(40):
        writing = [asyncio.create_task(databases.notifications.run(add)) for _ in range(4)]
        await asyncio.sleep(delay * 0.0002)
        for task in writing[delay % 2 :: 2]:
            task.cancel()
        outcomes = await asyncio.gather(*writing, return_exceptions=True)
        assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []

    before = await rows_in(databases)
    await databases.notifications.run(add)
    assert await rows_in(databases) == before + 1
