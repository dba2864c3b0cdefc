"""Whatever arrives: a clear answer, nothing stored, and the process goes on."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from api.body import check_json
from schema.db.tables.reservations import ReservationsReceipt, SlotRow
from schema.failures import Failure
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.picture import jpeg

SLOTS = "/api/reservations/slots"
ATTEMPTS = "/api/reservations/attempts"

BROKEN_JSON = {
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "not a number": b'{"seats": NaN}',
    "infinity": b'{"seats": -Infinity}',
    "a huge integer": b'{"seats": 1' + b"0" * 5000 + b"}",
    "a huge float": b'{"seats": 1e999}',
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "half a surrogate": rb'{"title": "\ud800"}',
    "a NUL": rb'{"title": "\u0000"}',
    "cut off": b'{"seats": ',
    "many quotes": b'"' + rb"\"" * 200_000,
    "empty": b" ",
}


@pytest.fixture
async def author(house: House) -> Someone:
    return await house.person(Role.AUTHOR, Role.ADMIN)


def assert_problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    assert len(body["detail"]) > 10
    return body


async def post(
    house: House, someone: Someone, content: bytes, kind: str = "application/json"
) -> httpx.Response:
    headers = {**someone.keyed(), "Content-Type": kind}
    return await house.client.post(SLOTS, content=content, headers=headers)


async def stored(house: House) -> tuple[int, int]:
    async with house.context.databases.reservations.read() as session:
        slots = await session.scalar(select(func.count()).select_from(SlotRow))
        receipts = await session.scalar(select(func.count()).select_from(ReservationsReceipt))
    return slots or 0, receipts or 0


@pytest.mark.parametrize("name", list(BROKEN_JSON))
async def test_broken_json_is_refused_and_nothing_is_stored(house: House, author: Someone, name: str) -> None:
    answer = await post(house, author, BROKEN_JSON[name])

    assert_problem(answer, 422, "invalid")
    assert await stored(house) == (0, 0)
    assert (await house.client.get("/healthz")).status_code == 200


async def test_the_wrong_content_type_is_named(house: House, author: Someone) -> None:
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x"):
        body = assert_problem(await post(house, author, b"<xml/>", kind), 415, "unsupported")
        assert "application/json" in body["detail"]


async def test_a_body_beyond_the_limit_is_refused_also_without_its_length(
    house: House, author: Someone
) -> None:
    size = house.context.settings.max_body_bytes + 1

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(0, size, 65_536):
            yield b" " * 65_536

    announced = await post(house, author, b" " * size)
    streamed = await house.client.post(SLOTS, content=chunks(), headers=author.keyed())

    assert_problem(announced, 413, "too_large")
    assert_problem(streamed, 413, "too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 400, "²"])
async def test_an_impossible_length_is_refused(house: House, author: Someone, length: str) -> None:
    headers = [
        (b"content-length", length.encode()),
        (b"authorization", author.headers["Authorization"].encode()),
    ]

    answer = await house.client.post(SLOTS, content=b"{}", headers=headers)

    assert answer.status_code in {413, 422}


async def test_every_wrong_field_is_named_with_what_to_do(house: House, author: Someone) -> None:
    body = {"exam_id": "x", "starts_at": "2027-01-11T09:00:00", "seats": 0, "colour": "blue"}

    answer = await house.client.post(SLOTS, json=body, headers=author.keyed())

    problem = assert_problem(answer, 422, "invalid")
    found = {error["pointer"]: error for error in problem["errors"]}
    assert set(found) == {"/exam_id", "/starts_at", "/ends_at", "/seats", "/colour"}
    assert found["/ends_at"]["advice"] == "add it"
    assert all(error["in"] == "body" and error["problem"] and error["advice"] for error in problem["errors"])
    assert "blue" not in answer.text


async def test_a_slot_that_ends_before_it_starts_or_is_over_is_refused(house: House, author: Someone) -> None:
    exam = await house.exam(author_id=author.person_id)
    now = house.clock()

    async def make(begin: timedelta, end: timedelta) -> httpx.Response:
        window = {"starts_at": (now + begin).isoformat(), "ends_at": (now + end).isoformat()}
        body = {"exam_id": str(exam.exam_id), "seats": 1, **window}
        return await house.client.post(SLOTS, json=body, headers=author.keyed())

    assert_problem(await make(timedelta(hours=2), timedelta(hours=1)), 422, "invalid")
    over = assert_problem(await make(timedelta(hours=-2), timedelta(hours=-1)), 422, "invalid")
    assert over["pointer"] == "/ends_at"


@pytest.mark.parametrize("path", ["x", "%00", "..%2f..", "0" * 500, "01900000-0000-7000-8000-00000000000g"])
async def test_an_id_that_is_none_is_refused(house: House, author: Someone, path: str) -> None:
    answer = await house.client.get(f"{ATTEMPTS}/{path}", headers=author.headers)

    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_unknown_ids_are_not_found(house: House) -> None:
    student, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    unknown = str(new_id())
    wish = {"exam_id": unknown, "slot_id": unknown}

    answers = [
        await house.client.get(f"{ATTEMPTS}/{unknown}", headers=student.headers),
        await house.client.get(f"{SLOTS}/{unknown}", headers=student.headers),
        await house.client.get(f"/api/users/people/{unknown}", headers=admin.headers),
        await house.client.post(f"{ATTEMPTS}/{unknown}/confirm", json={}, headers=student.keyed()),
        await house.client.post(
            f"{ATTEMPTS}/{unknown}/hold", json={"reason": "claim"}, headers=admin.keyed()
        ),
        await house.client.post(ATTEMPTS, json=wish, headers=student.keyed()),
    ]

    for answer in answers:
        problem = assert_problem(answer, 404, "not_found")
        assert unknown not in problem["detail"]
        assert unknown in {value for name, value in problem.items() if name.endswith("_id")}


@pytest.mark.parametrize("key", ["", "short", "x" * 101, "with spaces in it", "schlüssel-schlüssel"])
async def test_an_idempotency_key_is_needed_and_looked_at(house: House, key: str) -> None:
    student = await house.person(Role.STUDENT)
    body = {"exam_id": str(new_id()), "slot_id": str(new_id())}

    without = await house.client.post(ATTEMPTS, json=body, headers=student.headers)
    headers = [(name.encode(), value.encode()) for name, value in student.keyed("placeholder").items()]
    headers = [(name, key.encode() if name == b"Idempotency-Key" else value) for name, value in headers]
    wrong = await house.client.post(ATTEMPTS, json=body, headers=headers)

    for answer in (without, wrong):
        (error,) = assert_problem(answer, 422, "invalid")["errors"]
        assert (error["in"], error["pointer"]) == ("header", "/Idempotency-Key")


@pytest.mark.parametrize("cursor", ["x", "WyJ4Il0", "W1tbW1tbXV1dXV1d", "bnVsbA", "WzEsMl0", "%F0%9F", "e30"])
async def test_a_cursor_that_is_none_is_refused(house: House, author: Someone, cursor: str) -> None:
    for path in (SLOTS, ATTEMPTS, "/api/users/people"):
        answer = await house.client.get(f"{path}?cursor={cursor}", headers=author.headers)
        assert assert_problem(answer, 422, "invalid")["pointer"] == "/cursor"


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "9" * 30])
async def test_a_page_has_a_largest_size(house: House, author: Someone, limit: str) -> None:
    answer = await house.client.get(f"{SLOTS}?limit={limit}", headers=author.headers)

    assert assert_problem(answer, 422, "invalid")["errors"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("by", ["PT0S", "-PT5M", "PT9H", "P9999999999D", "soon", 1e308])
async def test_time_given_is_bounded(house: House, by: object) -> None:
    proctor = await house.person(Role.PROCTOR)

    answer = await house.client.post(
        f"{ATTEMPTS}/{new_id()}/extend", json={"by": by}, headers=proctor.keyed()
    )

    assert assert_problem(answer, 422, "invalid")["errors"][0]["pointer"] == "/by"


PICTURES = {
    "no picture": (b"hello", 415),
    "nothing": (b"", 415),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 415),
    "only its start": (jpeg()[:20], 422),
    "without its end": (jpeg()[:-20], 422),
    "garbage after the start": (b"\xff\xd8" + b"\xff" * 5000, 422),
    "no dimensions": (jpeg().replace((48).to_bytes(2, "big") + (64).to_bytes(2, "big"), b"\0\0\0\0", 1), 422),
    "enormous": (
        jpeg().replace((48).to_bytes(2, "big") + (64).to_bytes(2, "big"), b"\xff\xff\xff\xff", 1),
        413,
    ),
}


@pytest.mark.parametrize("name", list(PICTURES))
async def test_a_broken_photo_is_refused_and_not_stored(house: House, name: str) -> None:
    student = await house.person(Role.STUDENT)
    exam = await house.exam()
    attempt_id = await house.attempt(student.person_id, exam, await house.slot(exam), phase="checking_in")
    picture, status = PICTURES[name]
    path = f"{ATTEMPTS}/{attempt_id}/check-in/identity-photo"

    answer = await house.client.post(
        path, content=picture, headers={**student.keyed(), "Content-Type": "image/jpeg"}
    )

    assert answer.status_code == status, answer.text
    assert not house.context.settings.lake_dir.exists() or not list(
        house.context.settings.lake_dir.rglob("*.jpg")
    )
    assert await stored(house) == (1, 0)


async def test_a_photo_must_say_that_it_is_one(house: House) -> None:
    student = await house.person(Role.STUDENT)
    path = f"{ATTEMPTS}/{new_id()}/check-in/identity-photo"

    answer = await house.client.post(path, content=jpeg(), headers=student.keyed())

    assert_problem(answer, 415, "unsupported")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "[::2]:80", ""])
async def test_an_unknown_host_is_not_served(house: House, host: str) -> None:
    assert_problem(await house.client.get("/healthz", headers={"Host": host}), 422, "invalid")


async def test_what_is_not_there_is_a_problem_too(house: House) -> None:
    assert_problem(await house.client.get("/api/nothing"), 404, "not_found")
    answer = await house.client.put("/healthz")
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


async def test_answers_carry_what_browsers_obey(house: House) -> None:
    headers = (await house.client.get("/api/nothing")).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_json_is_parsed_or_refused_whatever_comes(body: bytes) -> None:
    with suppress(Failure):
        assert check_json(body) == json.loads(body)
