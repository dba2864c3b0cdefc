"""The waiting list through HTTP with real workflows: joining it, one's place, moving up in order, leaving it."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from temporalio.client import Client

from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.temporal import TemporalSeatSignaller
from activities.seat_loop import SeatLoop
from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

pytestmark = pytest.mark.temporal

ATTEMPTS = "/api/reservations/attempts"


async def reserve(
    house: House, student: Someone, exam: Exam, slot: UUID, key: str | None = None, **more: Any
) -> httpx.Response:
    body = {"exam_id": str(exam.exam_id), "slot_id": str(slot), **more}
    return await house.client.post(ATTEMPTS, json=body, headers=student.keyed(key))


async def reserved(house: House, student: Someone, exam: Exam, slot: UUID) -> dict[str, Any]:
    """Reserve or join the list."""
    answer = await reserve(house, student, exam, slot, join_waiting_list=True)
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def shown(house: House, person: Someone, attempt_id: str) -> dict[str, Any]:
    answer = await house.client.get(f"{ATTEMPTS}/{attempt_id}", headers=person.headers)
    view: dict[str, Any] = answer.json()
    return view


async def cancel(house: House, student: Someone, attempt_id: str) -> None:
    answer = await house.client.post(f"{ATTEMPTS}/{attempt_id}/cancel", json={}, headers=student.keyed())
    assert answer.status_code == 200, answer.text


async def until_phase(house: House, student: Someone, attempt_id: str, phase: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (view := await shown(house, student, attempt_id))["phase"] != phase:
            await asyncio.sleep(0.05)
    return view


async def slot_of(house: House, student: Someone, slot: UUID) -> dict[str, Any]:
    answer = await house.client.get(f"/api/reservations/slots/{slot}", headers=student.headers)
    view: dict[str, Any] = answer.json()
    return view


async def test_whoever_does_not_ask_to_wait_is_refused_as_before(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=1)
    await reserved(live, await live.person(Role.STUDENT), exam, slot)

    refused = await reserve(live, await live.person(Role.STUDENT), exam, slot)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/slot_full")
    assert (await slot_of(live, await live.person(Role.STUDENT), slot))["waiting"] == 0


async def test_with_a_free_seat_joining_is_holding(live: House) -> None:
    exam = await live.exam()

    view = await reserved(live, await live.person(Role.STUDENT), exam, await live.slot(exam, seats=1))

    assert (view["phase"], view["waiting_place"]) == ("held", None)


async def test_who_waits_sees_their_place_and_moves_up(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=1)
    holder, first, second = [await live.person(Role.STUDENT) for _ in range(3)]
    held = await reserved(live, holder, exam, slot)
    waits = await reserved(live, first, exam, slot)
    then = await reserved(live, second, exam, slot)

    assert [view["waiting_place"] for view in (held, waits, then)] == [None, 1, 2]
    assert waits["phase"] == "waitlisted"
    assert (await slot_of(live, first, slot))["waiting"] == 2
    for person in (second, await live.person(Role.PROCTOR)):
        assert (await shown(live, person, then["attempt_id"]))["waiting_place"] == 2

    await cancel(live, holder, held["attempt_id"])
    moved_up = await until_phase(live, first, waits["attempt_id"], "held")
    mine = await live.client.get(f"{ATTEMPTS}/mine", headers=second.headers)
    seats = await slot_of(live, second, slot)

    assert moved_up["waiting_place"] is None
    assert mine.json()["items"][0]["waiting_place"] == 1
    assert (seats["free_seats"], seats["waiting"]) == (0, 1)


async def test_several_seats_at_once_go_to_those_who_came_first(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=2)
    people = [await live.person(Role.STUDENT) for _ in range(6)]
    views = [await reserved(live, person, exam, slot) for person in people]

    leave = [cancel(live, people[index], views[index]["attempt_id"]) for index in (0, 1, 3)]
    await asyncio.gather(*leave)
    for index in (2, 4):
        await until_phase(live, people[index], views[index]["attempt_id"], "held")
    last = await shown(live, people[5], views[5]["attempt_id"])

    assert [view["phase"] for view in views] == ["held"] * 2 + ["waitlisted"] * 4
    assert (last["phase"], last["waiting_place"]) == ("waitlisted", 1)
    assert (await slot_of(live, people[5], slot))["free_seats"] == 0


async def test_many_who_join_at_once_get_a_place_each(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=1)
    people = [await live.person(Role.STUDENT) for _ in range(6)]

    views = await asyncio.gather(*[reserved(live, person, exam, slot) for person in people])
    places = [
        (await shown(live, person, view["attempt_id"]))["waiting_place"]
        for person, view in zip(people, views, strict=True)
    ]

    assert sorted(view["phase"] for view in views) == ["held"] + ["waitlisted"] * 5
    assert sorted(place for place in places if place is not None) == [1, 2, 3, 4, 5]


async def test_the_same_request_again_is_the_same_place(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=1)
    await reserved(live, await live.person(Role.STUDENT), exam, slot)
    student = await live.person(Role.STUDENT)

    answers = [
        await reserve(live, student, exam, slot, "the-same-key", join_waiting_list=True) for _ in range(2)
    ]
    other = await reserve(live, student, exam, slot, join_waiting_list=True)

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (409, "/problems/already_reserved")
    assert (await slot_of(live, student, slot))["waiting"] == 1


async def put_seats(house: House, person: Someone, slot: UUID, seats: object) -> httpx.Response:
    path = f"/api/reservations/slots/{slot}/seats"
    return await house.client.put(path, json={"seats": seats}, headers=person.headers)


async def test_an_added_seat_is_that_of_the_first_who_waits(live: House, temporal: Client) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=1)
    people = [await live.person(Role.STUDENT) for _ in range(3)]
    views = [await reserved(live, person, exam, slot) for person in people]
    loop = SeatLoop(SqlSeatBook(live.context.databases.reservations), TemporalSeatSignaller(temporal))

    changed = await put_seats(live, await live.person(Role.ADMIN), slot, 2)
    for _ in range(2):
        await loop.step()
    await until_phase(live, people[1], views[1]["attempt_id"], "held")
    last = await shown(live, people[2], views[2]["attempt_id"])

    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in ("seats", "free_seats", "waiting")} == {
        "seats": 2,
        "free_seats": 0,
        "waiting": 1,
    }
    assert (last["phase"], last["waiting_place"]) == ("waitlisted", 1)


async def test_seats_are_changed_by_who_made_the_exam(house: House) -> None:
    exam = await house.exam()
    slot = await house.slot(exam, seats=2)
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)

    answers = [await put_seats(house, person, slot, 9) for person in (author, student)]
    answers += [await put_seats(house, await house.person(Role.ADMIN), new_id(), 9)]
    unchanged = await slot_of(house, student, slot)

    assert [answer.status_code for answer in answers] == [404, 403, 404]
    assert unchanged["seats"] == 2


@pytest.mark.parametrize("seats", [0, -1, 100_001, "many", None])
async def test_a_number_that_is_none_is_refused(house: House, seats: object) -> None:
    slot = await house.slot(await house.exam(), seats=2)

    refused = await put_seats(house, await house.person(Role.ADMIN), slot, seats)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/seats"
