"""A node dies, hangs or leaves its cluster under load: no acknowledged write is lost, service is back in seconds."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import select, text

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.window_book import SqlWindowBook
from schema.db.session import Database, Databases
from schema.db.tables.corrections import AnswerRow
from schema.db.tables.reservations import AttemptRow, SlotRow
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.contracts.builder import NOON, SECOND, a_hold, a_slot, a_window, an_answer
from tests.stack.galera.cluster import Cluster

PREFERRED = 2
WORKERS = 4
OUTAGE = 15.0  # seconds, generously; about 2 were measured


class Load:
    """Answers and reservations, one after the other from each of several workers; remembers what was acknowledged."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._running: list[asyncio.Task[None]] = []
        self._stops = False
        self.slot = a_slot(seats=100_000)
        self.attempt_id = new_id()
        self.answered: set[UUID] = set()
        self.reserved: set[UUID] = set()
        self.at: list[float] = []

    async def begin(self) -> None:
        async with self._databases.reservations.write() as session:
            session.add(SlotRow(**dict(self.slot), created_at=NOON))
        await SqlWindowBook(self._databases.corrections).project(a_window(self.attempt_id))
        work: list[Callable[[], Awaitable[None]]] = [self._answer, self._reserve]
        self._running = [asyncio.create_task(self._repeat(each)) for each in work * WORKERS]
        await self.goes_on(40)

    async def goes_on(self, count: int) -> None:
        """Until so many more writes are acknowledged."""
        wanted = len(self.at) + count
        async with asyncio.timeout(60):
            while len(self.at) < wanted:
                assert not any(task.done() for task in self._running), "a worker failed"
                await asyncio.sleep(0.01)

    async def end(self) -> None:
        self._stops = True
        await asyncio.gather(*self._running)

    def longest_pause(self) -> float:
        return max(later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False))

    async def lost(self, databases: Databases) -> int:
        """How many acknowledged writes are not there; asserts that seats are counted right."""
        async with databases.corrections.read() as session:
            answers = set(await session.scalars(select(AnswerRow.question_id)))
        async with databases.reservations.read() as session:
            attempts = set(await session.scalars(select(AttemptRow.attempt_id)))
            slot = await session.get_one(SlotRow, self.slot.slot_id)
        assert slot.seats_taken == len(attempts)
        return len(self.answered - answers) + len(self.reserved - attempts)

    async def _repeat(self, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stops:
            await work()
            self.at.append(time.monotonic())

    async def _answer(self) -> None:
        answer = an_answer(self.attempt_id, NOON + SECOND, question_id=new_id())
        await SqlAnswerBook(self._databases.corrections).save(answer)
        self.answered.add(answer.question_id)

    async def _reserve(self) -> None:
        hold = a_hold(self.slot)
        await SqlSeatBook(self._databases.reservations).hold(hold)
        self.reserved.add(hold.attempt.attempt_id)


@pytest.fixture
async def preferring(cluster: Cluster, pattern: str) -> AsyncIterator[Databases]:
    """All schemas prefer one node, the one that gets into trouble."""
    opened = Databases.open(cluster.preferring(PREFERRED))
    yield opened
    await opened.close()


async def port_of(database: Database) -> int:
    """Where its connections go; 0 while they go nowhere."""
    try:
        async with database.read() as session:
            return await session.scalar(text("SELECT @@port")) or 0
    except Failure as failure:
        if failure.type is not FailureType.UNAVAILABLE:
            raise
        return 0


async def back_at(database: Database, port: int) -> None:
    """Until connections are back at the node that is preferred."""
    async with asyncio.timeout(60):
        while await port_of(database) != port:
            await asyncio.sleep(0.2)


async def test_a_killed_node_loses_nothing_and_is_missed_for_seconds(
    cluster: Cluster, preferring: Databases, record_property: Callable[[str, object], None]
) -> None:
    stack, port, load = cluster.stack, cluster.port(PREFERRED), Load(preferring)
    killed = stack.pid(f"galera-{PREFERRED}")
    await load.begin()
    assert await port_of(preferring.corrections) == await port_of(preferring.reservations) == port

    os.kill(killed, signal.SIGKILL)
    await load.goes_on(100)
    await asyncio.to_thread(stack.wait_until, f"galera-{PREFERRED}", "answers")
    await back_at(preferring.corrections, port)
    await load.goes_on(40)
    await load.end()

    assert stack.pid(f"galera-{PREFERRED}") != killed
    assert load.longest_pause() < OUTAGE
    record_property(
        "figure", f"a killed Galera node: {load.longest_pause():.1f} s without a write, none lost"
    )
    for node in (1, 2, 3):
        databases = Databases.open(cluster.addresses([node]))
        assert await load.lost(databases) == 0
        await databases.close()


async def test_a_node_that_hangs_is_left(cluster: Cluster, preferring: Databases) -> None:
    load, pid = Load(preferring), cluster.stack.pid(f"galera-{PREFERRED}")
    await load.begin()

    os.kill(pid, signal.SIGSTOP)
    try:
        await load.goes_on(100)
    finally:
        os.kill(pid, signal.SIGCONT)
    await load.end()
    # A read there would wait for what the node has missed meanwhile.
    await asyncio.to_thread(cluster.stack.wait_until, f"galera-{PREFERRED}", "answers")

    assert await load.lost(preferring) == 0


def isolate(cluster: Cluster, node: int, *, is_alone: bool) -> None:
    """Cut a node off from its peers, or join them again; its server goes on answering its clients."""
    galera = cluster.stack.var_dir / "galera"
    owner = (galera / f"node-{node}").owner()
    command = ("mariadb", "--no-defaults", f"--socket={galera / f'node-{node}.sock'}", f"--user={owner}", "--execute",
               f"SET GLOBAL wsrep_provider_options = 'gmcast.isolate={int(is_alone)}'")  # fmt: skip
    subprocess.run(command, user=owner if os.geteuid() == 0 else None, check=True, capture_output=True)


async def test_a_node_that_left_its_cluster_is_left(cluster: Cluster, preferring: Databases) -> None:
    load, port = Load(preferring), cluster.port(PREFERRED)
    await load.begin()

    isolate(cluster, PREFERRED, is_alone=True)
    try:
        async with asyncio.timeout(60):
            while await port_of(preferring.corrections) in {0, port}:
                await asyncio.sleep(0.1)
        await load.goes_on(100)
    finally:
        isolate(cluster, PREFERRED, is_alone=False)
    await asyncio.to_thread(cluster.stack.wait_until, f"galera-{PREFERRED}", "answers")
    await back_at(preferring.corrections, port)
    await load.end()

    assert await load.lost(preferring) == 0
