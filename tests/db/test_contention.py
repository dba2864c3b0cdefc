"""Many at once: seats never sell twice, sequences never gap, and no answer slips past the closing."""

import asyncio
import multiprocessing

from sqlalchemy import func, select

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.outbox import outboxes_of
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.window_book import SqlWindowBook
from schema.attempt import Phase, Verb
from schema.db.session import Databases
from schema.db.tables.corrections import AnswerWindow
from schema.db.tables.reservations import AttemptRow, SlotRow
from schema.exam import Slot
from schema.failures import Failure, FailureType
from schema.grading import Answer, AnswerStanding
from schema.ids import new_id
from schema.task import HoldSeat, ReleaseSeat
from tests.contracts.builder import (
    NOON,
    SECOND,
    a_hold,
    a_projection,
    a_slot,
    a_step,
    a_window,
    an_answer,
)
from tests.db.database import addresses_of


async def put_slot(databases: Databases, slot: Slot) -> None:
    async with databases.reservations.write() as session:
        session.add(SlotRow(**dict(slot), created_at=NOON))


async def counts(databases: Databases, slot: Slot) -> tuple[int, int]:
    """Seats counted on the slot, and attempts that hold one."""
    holding = select(func.count()).select_from(AttemptRow).where(AttemptRow.seat_slot_id == slot.slot_id)
    async with databases.reservations.read() as session:
        taken = (await session.get_one(SlotRow, slot.slot_id)).seats_taken
        return taken, await session.scalar(holding) or 0


async def outcome(book: SqlSeatBook, hold: HoldSeat) -> str:
    """Who finds every connection busy for long asks again, as a client does."""
    while True:
        try:
            await book.hold(hold)
        except Failure as failure:
            if failure.type is FailureType.UNAVAILABLE:
                continue
            return failure.type
        return "held"


async def test_a_thousand_for_fifty_seats(databases: Databases) -> None:
    slot, book = a_slot(seats=50), SqlSeatBook(databases.reservations)
    await put_slot(databases, slot)

    outcomes = await asyncio.gather(*[outcome(book, a_hold(slot)) for _ in range(1_000)])

    assert outcomes.count("held") == 50
    assert outcomes.count(FailureType.SLOT_FULL) == 950
    assert await counts(databases, slot) == (50, 50)


def hold_many(pattern: str, slot_json: str, number: int) -> int:
    async def held() -> int:
        slot, databases = Slot.model_validate_json(slot_json), Databases.open(addresses_of(pattern))
        book = SqlSeatBook(databases.reservations)
        outcomes = await asyncio.gather(*[outcome(book, a_hold(slot)) for _ in range(number)])
        await databases.close()
        return outcomes.count("held")

    return asyncio.run(held())


async def test_processes_share_the_seats_too(databases: Databases, pattern: str) -> None:
    slot = a_slot(seats=50)
    await put_slot(databases, slot)

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        asked = pool.starmap_async(hold_many, [(pattern, slot.model_dump_json(), 100)] * 2)
        held = await asyncio.to_thread(asked.get, 110)

    assert sum(held) == 50
    assert await counts(databases, slot) == (50, 50)


async def test_holds_and_releases_in_any_order_leave_no_seat_behind(databases: Databases) -> None:
    slot, book = a_slot(seats=5), SqlSeatBook(databases.reservations)
    await put_slot(databases, slot)

    async def come_and_go() -> None:
        hold = a_hold(slot)
        if await outcome(book, hold) == "held":
            release = ReleaseSeat(attempt_id=hold.attempt.attempt_id)
            await asyncio.gather(book.release(release), book.release(release))

    await asyncio.gather(*[come_and_go() for _ in range(60)])

    assert await counts(databases, slot) == (0, 0)


async def test_sequences_have_no_gap_however_projections_come(databases: Databases) -> None:
    slot, seats = a_slot(), SqlSeatBook(databases.reservations)
    await put_slot(databases, slot)
    hold = a_hold(slot)
    await seats.hold(hold)
    steps = [a_step(version, Verb.EXTEND, Phase.IN_PROGRESS, Phase.IN_PROGRESS) for version in range(1, 21)]
    book = SqlAttemptBook(databases.reservations)

    await asyncio.gather(*[book.project(a_projection(hold, *steps[:n])) for n in (20, 3, 11, 20, 7, 1)])

    told = await outboxes_of(databases)[0].unpublished(100)
    assert [event.sequence for event in told] == list(range(1, 22))
    assert len({event.event_id for event in told}) == 21


async def test_no_answer_slips_past_the_closing(databases: Databases) -> None:
    """Once the closing is projected the snapshot is final; what came after it is late."""
    attempt_id = new_id()
    windows, answers = SqlWindowBook(databases.corrections), SqlAnswerBook(databases.corrections)
    await windows.project(a_window(attempt_id))

    gate = asyncio.Semaphore(20)

    async def save() -> Answer:
        async with gate:
            return await answers.save(an_answer(attempt_id, NOON + SECOND))

    saving = [asyncio.create_task(save()) for _ in range(200)]
    await saving[80]
    await windows.project(
        a_window(attempt_id, 2, is_open=False, deadline_at=None, closed_at=NOON + 9 * SECOND)
    )
    at_closing = len(await answers.snapshot(attempt_id))
    saved = await asyncio.gather(*saving)

    standings = [answer.standing for answer in saved]
    final = await answers.snapshot(attempt_id)
    assert 0 < at_closing < 200
    assert len(final) == at_closing == standings.count(AnswerStanding.COUNTED)
    assert {answer.question_id for answer in final} == {
        answer.question_id for answer in saved if answer.standing is AnswerStanding.COUNTED
    }


async def test_a_projected_clock_keeps_the_devices_epoch(databases: Databases) -> None:
    """The API counts epochs on the same row; the projection must not wipe them."""
    attempt_id, book = new_id(), SqlWindowBook(databases.corrections)
    await book.project(a_window(attempt_id))
    async with databases.corrections.write() as session:
        (await session.get_one(AnswerWindow, attempt_id)).epoch = 3

    await book.project(a_window(attempt_id, 2))

    async with databases.corrections.read() as session:
        row = await session.get_one(AnswerWindow, attempt_id)
    assert (row.epoch, row.version) == (3, 2)
