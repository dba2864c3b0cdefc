"""Receipts: the same request is done once and answered alike, another one under the same key is refused."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import func, select

from api.idempotency import Receipt, fingerprint_of
from schema.db.tables.reservations import ReservationsReceipt, SlotRow
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone


class Answer(BaseModel):
    number: int


def receipt_of(house: House, key: str, person_id: object = None) -> Receipt:
    who = person_id or "01900000-0000-7000-8000-000000000001"
    reservations = house.context.databases.reservations
    return Receipt(reservations, ReservationsReceipt, who, "test", key, house.clock())  # type: ignore[arg-type]


async def make_slot(house: House, author: Someone, seats: int, key: str) -> httpx.Response:
    exam_id = getattr(house, "exam_id", None) or (await house.exam(author_id=author.person_id)).exam_id
    house.exam_id = exam_id  # type: ignore[attr-defined]
    starts_at = house.clock() + timedelta(days=1)
    body = {
        "exam_id": str(exam_id),
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "seats": seats,
    }
    return await house.client.post("/api/reservations/slots", json=body, headers=author.keyed(key))


async def test_a_retried_slot_is_one_slot(house: House) -> None:
    author = await house.person(Role.AUTHOR)

    first = await make_slot(house, author, 5, "slot-once")
    again = await make_slot(house, author, 5, "slot-once")
    other = await make_slot(house, author, 6, "slot-once")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    async with house.context.databases.reservations.read() as session:
        assert await session.scalar(select(func.count()).select_from(SlotRow)) == 1


async def test_keys_of_different_people_do_not_meet(house: House) -> None:
    first, second = new_id(), new_id()

    assert receipt_of(house, "same-key", first).id != receipt_of(house, "same-key", second).id


async def test_a_failure_is_not_kept(house: House) -> None:
    calls: list[int] = []

    async def fail_once() -> Answer:
        calls.append(1)
        if len(calls) == 1:
            raise Failure(FailureType.UNAVAILABLE, "the service does not answer")
        return Answer(number=len(calls))

    receipt = receipt_of(house, "retried-key")
    with pytest.raises(Failure) as refused:
        await receipt.once(None, fail_once)
    answers = [await receipt.once(None, fail_once) for _ in range(3)]

    assert refused.value.type is FailureType.UNAVAILABLE
    assert {bytes(answer.body) for answer in answers} == {b'{"number":2}'}


async def test_two_at_once_get_the_same_answer_in_the_end(house: House) -> None:
    async def work() -> Answer:
        await asyncio.sleep(0.01)
        return Answer(number=7)

    answers = await asyncio.gather(*(receipt_of(house, "at-once-key").once(None, work) for _ in range(10)))

    assert {bytes(answer.body) for answer in answers} == {b'{"number":7}'}
    async with house.context.databases.reservations.read() as session:
        assert await session.scalar(select(func.count()).select_from(ReservationsReceipt)) == 1


def test_a_fingerprint_is_of_the_content() -> None:
    class Body(BaseModel):
        a: int
        b: str = "x"

    assert fingerprint_of(Body(a=1)) == fingerprint_of(Body(b="x", a=1))
    assert fingerprint_of(Body(a=1)) != fingerprint_of(Body(a=2))
    assert fingerprint_of(b"") == fingerprint_of(None)
