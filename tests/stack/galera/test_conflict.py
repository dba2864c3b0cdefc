"""Transactions that really conflict, at one node and across nodes: tried again, until the effects of all hold."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.window_book import SqlWindowBook
from schema.db.session import Databases
from schema.db.tables.reservations import SlotRow
from schema.grading import AnswerStanding
from schema.ids import new_id
from tests.contracts.builder import NOON, SECOND, a_slot, a_window, an_answer
from tests.stack.galera.cluster import Cluster


@pytest.fixture
async def at_nodes(cluster: Cluster, pattern: str) -> AsyncIterator[tuple[Databases, Databases]]:
    """The same databases, through the first and through the second node."""
    opened = Databases.open(cluster.addresses([1])), Databases.open(cluster.addresses([2]))
    yield opened
    for each in opened:
        await each.close()


async def put_slots(databases: Databases, count: int) -> list[UUID]:
    slots = [a_slot(seats=1_000) for _ in range(count)]
    async with databases.reservations.write() as session:
        session.add_all([SlotRow(**dict(slot), created_at=NOON) for slot in slots])
    return [slot.slot_id for slot in slots]


async def taken(databases: Databases, slots: list[UUID]) -> list[int]:
    async with databases.reservations.read() as session:
        rows = await session.execute(select(SlotRow.slot_id, SlotRow.seats_taken))
    seats = {row.slot_id: row.seats_taken for row in rows}
    return [seats[slot_id] for slot_id in slots]


async def take(session: AsyncSession, slot_id: UUID) -> None:
    one_more = update(SlotRow).where(SlotRow.slot_id == slot_id).values(seats_taken=SlotRow.seats_taken + 1)
    await session.execute(one_more, execution_options={"synchronize_session": False})


class Meeting:
    """Work of two that meet in the middle of their first tries, so that they are sure to conflict."""

    def __init__(self, *slots: UUID, in_savepoint: bool = False) -> None:
        self._slots = slots
        self._in_savepoint = in_savepoint
        self._met = asyncio.Barrier(2)
        self.tries = 0

    async def forwards(self, session: AsyncSession) -> None:
        await self._work(session, self._slots)

    async def backwards(self, session: AsyncSession) -> None:
        await self._work(session, self._slots[::-1])

    async def _work(self, session: AsyncSession, slots: tuple[UUID, ...]) -> None:
        self.tries += 1
        is_first = self.tries <= 2
        await take(session, slots[0])
        if is_first:
            await self._met.wait()
        for slot_id in slots[1:]:
            if self._in_savepoint:
                async with session.begin_nested():
                    await take(session, slot_id)
            else:
                await take(session, slot_id)


async def test_a_conflict_between_nodes_is_tried_again(at_nodes: tuple[Databases, Databases]) -> None:
    one, two = at_nodes
    slots = await put_slots(one, 1)
    meeting = Meeting(*slots)

    await asyncio.gather(one.reservations.run(meeting.forwards), two.reservations.run(meeting.forwards))

    assert meeting.tries >= 3  # both held the row, each at its own node; one of them failed when it committed
    assert await taken(one, slots) == await taken(two, slots) == [2]


@pytest.mark.parametrize("in_savepoint", [False, True])
async def test_a_deadlock_is_tried_again(databases: Databases, in_savepoint: bool) -> None:
    slots = await put_slots(databases, 2)
    meeting = Meeting(*slots, in_savepoint=in_savepoint)

    await asyncio.gather(
        databases.reservations.run(meeting.forwards), databases.reservations.run(meeting.backwards)
    )

    assert meeting.tries >= 3
    assert await taken(databases, slots) == [2, 2]


async def test_many_at_every_node_count_every_seat(cluster: Cluster, databases: Databases) -> None:
    slots = await put_slots(databases, 2)
    nodes = [Databases.open(cluster.addresses([node])) for node in (1, 2, 3)]

    async def take_both(session: AsyncSession) -> None:
        for slot_id in slots:
            await take(session, slot_id)

    for _ in range(10):
        await asyncio.gather(*[node.reservations.run(take_both) for node in nodes])

    assert await taken(databases, slots) == [30, 30]
    for node in nodes:
        await node.close()


async def test_what_one_node_has_taken_another_tells_at_once(at_nodes: tuple[Databases, Databases]) -> None:
    one, two = at_nodes
    slots = await put_slots(one, 1)
    seen = []

    for _ in range(100):
        await one.reservations.run(lambda session: take(session, slots[0]))
        seen += await taken(two, slots)

    assert seen == list(range(1, 101))


async def test_no_answer_slips_past_a_closing_at_another_node(at_nodes: tuple[Databases, Databases]) -> None:
    answers, snapshots = (SqlAnswerBook(each.corrections) for each in at_nodes)
    windows = SqlWindowBook(at_nodes[1].corrections)

    async def close_while_answers_come() -> tuple[int, int, int]:
        attempt_id = new_id()
        await windows.project(a_window(attempt_id))
        saving = [asyncio.create_task(answers.save(an_answer(attempt_id, NOON + SECOND))) for _ in range(12)]
        await saving[2]
        closed = a_window(attempt_id, 2, is_open=False, deadline_at=None, closed_at=NOON + 9 * SECOND)
        await windows.project(closed)
        at_closing = len(await snapshots.snapshot(attempt_id))
        saved = await asyncio.gather(*saving)
        counted = sum(answer.standing is AnswerStanding.COUNTED for answer in saved)
        return at_closing, counted, len(await snapshots.snapshot(attempt_id))

    for _ in range(15):
        at_closing, counted, final = await close_while_answers_come()
        assert at_closing == counted == final
