"""SIGKILL of the database's node that is in use, while students reserve and answer."""

import asyncio
import os
import signal
from collections import Counter
from datetime import timedelta
from uuid import UUID

import aiomysql
import pytest
from sqlalchemy import select

from schema.attempt import Phase
from schema.db.tables.reservations import AttemptRow
from tests.product.house import House, Say
from tests.stack.full.account import until_equal
from tests.stack.full.load import Load
from tests.stack.full.setting import database_of
from tests.stack.running import RunningStack
from workers.stack.galera import NODES, USER

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

AWAY_AT_MOST = timedelta(seconds=20)  # 3 s measured; 11 s where eight other things ran on two cores
TELLING = ("reservations", "monitoring", "corrections")
CONNECTIONS = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()"


async def test_no_acknowledged_write_is_lost_with_a_database_node(
    house: House, stack: RunningStack, say: Say
) -> None:
    load = await Load.prepare(house)
    running = asyncio.create_task(load.run())
    try:
        await load.until_heard(10, within=60)
        node = await node_in_use(house, stack)
        killed = stack.pid(f"galera-{node}")
        os.kill(killed, signal.SIGKILL)
        await load.until_heard(20, within=90)
        await asyncio.to_thread(stack.wait_until, f"galera-{node}", "answers")
        await load.until_heard(5, within=60)
    finally:
        load.is_over = True
        await running

    assert await phases_of(house, load.reserved) == Counter({Phase.RESERVED: len(load.reserved)})
    for script in load.scripts:
        assert await script.stored() == script.saved
    gaps = {kind: load.longest_gap(kind) for kind in load.heard}
    assert max(gaps.values()) < AWAY_AT_MOST, gaps
    assert stack.pid(f"galera-{node}") != killed
    told = await until_equal(house)
    first, second, third = await events_at_each(house, stack)
    assert first == second == third
    answers = sum(script.acknowledged for script in load.scripts)
    say(
        f"full: galera-{node} killed; of {len(load.reserved)} reservations and {answers} answers none lost;"
        f" longest gaps {', '.join(f'{kind} {gap.total_seconds():.1f} s' for kind, gap in gaps.items())};"
        f" {len(told.events)} events agree"
    )


async def phases_of(house: House, attempt_ids: list[str]) -> Counter[str]:
    """How many of these attempts are in each phase, by the database."""
    wanted = [UUID(attempt_id) for attempt_id in attempt_ids]
    async with house.databases.reservations.read() as session:
        query = select(AttemptRow.phase).where(AttemptRow.attempt_id.in_(wanted))
        return Counter(await session.scalars(query))


async def node_in_use(house: House, stack: RunningStack) -> int:
    """The node with the most connections to the reservations."""
    name = database_of(house.product.settings, "reservations")
    found = {node: await ask(stack, node, name, CONNECTIONS) for node in NODES}
    return max(NODES, key=lambda node: found[node])


async def events_at_each(house: House, stack: RunningStack) -> list[list[int]]:
    """How many events each node has in each outbox, once it has caught up with the others."""
    names = [database_of(house.product.settings, schema) for schema in TELLING]
    return [[await ask(stack, node, name, "SELECT COUNT(*) FROM outbox") for name in names] for node in NODES]


async def ask(stack: RunningStack, node: int, database: str, query: str) -> int:
    """A number, read after everything that was written before."""
    port = stack.ports.galera_sql(node)
    link = await aiomysql.connect(
        host="127.0.0.1", port=port, user=USER, password=stack.password, db=database
    )
    try:
        async with link.cursor() as cursor:
            await cursor.execute("SET SESSION wsrep_sync_wait = 1")
            await cursor.execute(query)
            return int((await cursor.fetchone())[0])
    finally:
        await link.ensure_closed()
