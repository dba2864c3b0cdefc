"""A table of hostile requests: each gets a short answer in words, nothing is stored, and the next person is served."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Message

from api.body import BodyGuard
from api.caller import Caller
from schema.role import Role
from tests.api.house import House, Someone

SLOTS = "/api/reservations/slots"
SESSIONS = "/api/users/sessions"
SHORT = 12_000  # bytes of an answer
STEERING = "\x1b\u202e\u2066\u200b"

BODIES: dict[str, bytes] = {
    "a million items": b"[" + b"0," * 999_999 + b"0]",
    "a million keys": b"{" + b",".join(b'"%d":1' % number for number in range(200_000)) + b"}",
    "more keys than allowed": json.dumps({str(number): 1 for number in range(1_001)}).encode(),
    "many unknown keys": json.dumps({f"k{number}": 1 for number in range(900)}).encode(),
    "many wrong items": json.dumps({"exam_id": list(range(40_000))}).encode(),
    "a key of a megabyte": json.dumps({"k" * 1_000_000: 1}).encode(),
    "a key of 200": json.dumps({STEERING + "k" * 190: 1}).encode(),
    "a key twice": b'{"seats": 1, "seats": 2}',
    "a value of a megabyte": json.dumps({"exam_id": STEERING + "v" * 1_000_000}).encode(),
    "a number of a megabyte": b'{"seats": ' + b"9" * 1_000_000 + b"}",
    "a float of a megabyte": b'{"seats": 0.' + b"9" * 1_000_000 + b"}",
    "a huge exponent": b'{"seats": 1e1000000000}',
    "deep": b'{"a":' * 100_000,
    "deep and closed": b"[" * 41 + b"]" * 41,
}


@pytest.fixture
async def author(house: House) -> Someone:
    return await house.person(Role.AUTHOR, Role.ADMIN)


def assert_short(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < SHORT
    assert not set(STEERING) & set(json.dumps(answer.json(), ensure_ascii=False))
    problem: dict[str, Any] = answer.json()
    assert len(problem.get("errors", [])) <= 20
    return problem


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_body_gets_a_short_answer(house: House, author: Someone, name: str) -> None:
    headers = {**author.keyed(), "Content-Type": "application/json"}

    answer = await house.client.post(SLOTS, content=BODIES[name], headers=headers)

    assert_short(answer, 422)
    assert (await house.client.get("/healthz")).status_code == 200


async def test_an_error_document_says_how_many_more_there_were(house: House, author: Someone) -> None:
    body = {f"k{number}": 1 for number in range(900)}

    answer = await house.client.post(SLOTS, json=body, headers=author.keyed())

    problem = assert_short(answer, 422)
    missing = 4
    assert len(problem["errors"]) == 20
    assert problem["left_out"] == {"errors": 900 + missing - 20}


async def test_lists_of_imports_are_cut_too(house: House, author: Someone) -> None:
    exam = await house.exam(author_id=author.person_id)
    gift = "\n\n".join(f"::{number}:: What? {{~a ~b}}" for number in range(50))
    people = "email,name\n" + "\n".join(f"{STEERING}{number},x" for number in range(50))

    questions = await house.client.post(
        f"/api/reservations/exams/{exam.exam_id}/import",
        content=gift.encode(),
        headers={**author.keyed(), "Content-Type": "text/plain"},
    )
    roster = await house.client.post(
        "/api/users/import", content=people, headers={**author.keyed(), "Content-Type": "text/csv"}
    )

    for answer in (questions, roster):
        problem = assert_short(answer, 422)
        assert len(problem["errors"]) == 20
        assert problem["left_out"]["errors"] >= 30
        assert "errors" in problem["detail"] or "problems" in problem["detail"]


@pytest.mark.parametrize(
    "path",
    [SESSIONS, f"{SESSIONS}/refresh", "/api/users/registrations", "/api/users/confirmations",
     "/api/users/password-resets", "/api/users/password-resets/complete"],
)  # fmt: skip
@pytest.mark.parametrize("is_signed_in", [False, True])
async def test_where_nobody_signs_in_bodies_are_small(
    house: House, author: Someone, path: str, is_signed_in: bool
) -> None:
    headers = author.headers if is_signed_in else {}

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"email": "'
        for _ in range(20):
            yield b"x" * 1_000

    large = await house.client.post(path, json={"email": "x" * 9_000}, headers=headers)
    many = await house.client.post(path, json={"email": list(range(150))}, headers=headers)
    streamed = await house.client.post(path, content=chunks(), headers=headers)

    assert_short(large, 413)
    assert_short(many, 422)
    assert_short(streamed, 413)


async def test_a_large_body_of_nobody_is_not_read_where_people_sign_in(house: House) -> None:
    for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Cookie": "pw_access=x"}):
        answer = await house.client.post(SLOTS, json={"exam_id": "x" * 9_000}, headers=headers)
        assert_short(answer, 401)


async def test_heads_have_a_size(house: House, author: Someone) -> None:
    many = [*author.headers.items(), *((f"x-{number}", "1") for number in range(150))]
    cookies = {**author.headers, "Cookie": "; ".join(f"c{number}=1" for number in range(10_000))}

    answers = [
        await house.client.get(SLOTS, headers=many),
        await house.client.get(SLOTS, headers=cookies),
        await house.client.get(SLOTS + "?" + "&".join(["limit=1"] * 1_000), headers=author.headers),
        await house.client.get(SLOTS + "?cursor=" + "x" * 60_000, headers=author.headers),
    ]

    for answer in answers:
        assert_short(answer, 413)


async def test_a_body_that_drips_is_given_up() -> None:
    sent: list[Message] = []
    dripped = 0

    async def receive() -> Message:
        nonlocal dripped
        dripped += 1
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(*_: Any) -> None:
        raise AssertionError("the body was passed on")

    scope = {"type": "http", "path": "/", "headers": [(b"transfer-encoding", b"chunked")]}
    guard = BodyGuard(app, 1_000, lambda _scope: Caller.KNOWN, patience=0.05)
    async with asyncio.timeout(30):
        await guard(scope, receive, send)

    assert sent[0]["status"] == 408
    assert dripped < 100
