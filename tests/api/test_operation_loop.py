"""An operation that was written and whose workflow nobody started: begun once by a worker, or given up in words."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client

from activities.adapters.cohort_starter import TemporalCohortStarter
from activities.adapters.memory.operation_book import MemoryOperationBook
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.operation_loop import UNTOUCHED, OperationLoop
from api.app import create_app
from api.password import Passwords
from schema.cohort import GIVE_UP_AFTER, START_WITHIN, Standing
from schema.db.session import Databases
from schema.ids import new_id
from schema.role import Role
from schema.settings import Settings
from tests.api.conftest import PARTS, serving
from tests.api.house import House, MovableClock, Someone
from tests.api.test_operation import OPERATIONS, ask_many, finished, waiting
from tests.contracts.test_operation_book import an_operation
from tests.orphan.starter import Starter
from workers.connection import connect

NOWHERE = "127.0.0.1:9"  # no server listens there
Body = dict[str, Any]


@pytest.fixture
async def cut_off(live: House, settings: Settings, databases: Databases) -> AsyncIterator[House]:
    """The same API as `live`, which writes as ever and whose starts never reach Temporal."""
    lost = settings.model_copy(update={"temporal_address": NOWHERE})
    temporal = await connect(lost, lazy=True)
    app = create_app(lost, PARTS, databases=databases, temporal=temporal, passwords=Passwords(rounds=4))
    async with serving(app) as client:
        house = House(client, app.state.context, MovableClock(datetime.now(UTC)))
        yield house


async def written(cut_off: House, proctor: Someone, key: str, **body: Any) -> None:
    """What an API leaves that dies before it starts the workflow."""
    answer = await ask_many(cut_off, proctor, key, **body)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


async def only_operation(house: House, person: Someone, exam_id: object) -> Body:
    listed = await house.client.get(f"{OPERATIONS}?exam_id={exam_id}", headers=person.headers)
    (found,) = listed.json()["items"]
    operation: Body = found
    return operation


def later(by: timedelta) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) + by


def loop_of(databases: Databases, temporal: Client, now: Callable[[], datetime]) -> OperationLoop:
    """As the worker runs it."""
    book = SqlOperationBook(databases.reservations)
    return OperationLoop(book, TemporalCohortStarter(temporal), now=now)


@pytest.mark.temporal
async def test_what_was_written_and_never_started_is_done_once_though_nobody_asks_again(
    live: House, cut_off: House, databases: Databases, temporal: Client
) -> None:
    proctor, exam = await live.person(Role.PROCTOR), await live.exam()
    slot_id = await live.slot(exam, timedelta(seconds=-1))
    both = [await waiting(live, exam, slot_id) for _ in range(2)]
    key, body = str(new_id()), {"verb": "admit", "slot_id": str(slot_id)}
    await written(cut_off, proctor, key, **body)
    stood = await only_operation(live, proctor, exam.exam_id)

    settled = datetime.fromisoformat(stood["created_at"]) + UNTOUCHED
    await loop_of(databases, temporal, lambda: settled - timedelta(seconds=1)).step()
    untouched = await only_operation(live, proctor, exam.exam_id)
    loops = [loop_of(databases, temporal, lambda: settled) for _ in range(3)]
    await asyncio.gather(*(loop.step() for loop in loops))
    shown = await finished(live, proctor, stood["operation_id"])
    again = await ask_many(live, proctor, key, **body)

    assert (stood["waiting"], stood["finished_at"], untouched["waiting"]) == (2, None, 2)
    assert (shown["done"], shown["waiting"]) == (2, 0)
    assert {one["attempt_id"] for one in shown["acknowledgements"]["items"]} == set(both)
    assert (again.status_code, again.json()["done"]) == (202, 2)
    for attempt_id in both:
        answer = await live.client.get(
            f"/api/reservations/attempts/{attempt_id}/moves", headers=proctor.headers
        )
        assert [move["verb"] for move in answer.json()["items"]].count("admit") == 1


@pytest.mark.temporal
async def test_what_is_too_old_is_not_begun_and_says_so(
    live: House, cut_off: House, databases: Databases, temporal: Client
) -> None:
    proctor, exam = await live.person(Role.PROCTOR), await live.exam()
    slot_id = await live.slot(exam, timedelta(seconds=-1))
    attempt_id = await waiting(live, exam, slot_id)
    key, body = str(new_id()), {"verb": "admit", "slot_id": str(slot_id)}
    await written(cut_off, proctor, key, **body)

    await loop_of(databases, temporal, later(GIVE_UP_AFTER + timedelta(seconds=5))).step()
    again = await ask_many(live, proctor, key, **body)
    shown = await finished(live, proctor, again.json()["operation_id"])

    (answer,) = shown["acknowledgements"]["items"]
    assert (shown["refused"], shown["waiting"]) == (1, 0)
    assert (answer["type"], answer["state"]) == ("deadline_passed", "refused")
    assert "could not begin within 15 minutes" in answer["why"]
    moves = await live.client.get(f"/api/reservations/attempts/{attempt_id}/moves", headers=proctor.headers)
    assert "admit" not in {move["verb"] for move in moves.json()["items"]}


@pytest.mark.parametrize(
    ("standing", "age", "state"),
    [
        (Standing.RUNNING, GIVE_UP_AFTER * 2, "waiting"),
        (Standing.CLOSED, GIVE_UP_AFTER * 2, "waiting"),  # the sweep's
        (Standing.ABSENT, GIVE_UP_AFTER * 2, "refused"),
        (Standing.ABSENT, START_WITHIN + timedelta(seconds=30), "waiting"),
    ],
)
async def test_only_what_nobody_carries_out_is_given_up(
    standing: Standing, age: timedelta, state: str
) -> None:
    book, starter, operation = MemoryOperationBook(), Starter(standing), an_operation()
    await book.open(operation, [attempt_id := new_id()])

    await OperationLoop(book, starter, now=later(age)).step()

    known = await book.acknowledgement(operation.operation_id, attempt_id)
    assert known is not None
    assert known.state == state
    assert starter.started == []


async def test_one_that_cannot_be_started_holds_no_other_up() -> None:
    book, starter = MemoryOperationBook(), Starter()
    first, second = an_operation(), an_operation()
    for operation in (first, second):
        await book.open(operation, [new_id()])
    starter.away = {first.operation_id}

    await OperationLoop(book, starter, now=later(timedelta(minutes=1))).step()

    assert [one.operation_id for one in starter.started] == [second.operation_id]
