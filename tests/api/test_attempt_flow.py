"""Attempts through HTTP with real workflows: reserving, every step to handing in, and what is refused."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from schema.exam import Exam
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.picture import jpeg

pytestmark = pytest.mark.temporal

NOW = timedelta(seconds=-1)
ATTEMPTS = "/api/reservations/attempts"


async def reserve(
    house: House, student: Someone, exam: Exam, slot_id: UUID, key: str | None = None
) -> httpx.Response:
    body = {"exam_id": str(exam.exam_id), "slot_id": str(slot_id)}
    return await house.client.post(ATTEMPTS, json=body, headers=student.keyed(key))


async def reserved(house: House, student: Someone, **policy: Any) -> str:
    exam = await house.exam(**policy)
    answer = await reserve(house, student, exam, await house.slot(exam, NOW))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["attempt_id"])


async def ask(
    house: House, person: Someone, attempt_id: str, command: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    return await house.client.post(f"{ATTEMPTS}/{attempt_id}/{command}", json=body, headers=person.keyed())


async def done(house: House, person: Someone, attempt_id: str, command: str, **body: Any) -> dict[str, Any]:
    answer = await ask(house, person, attempt_id, command, body or None)
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def show_photo(house: House, student: Someone, attempt_id: str) -> httpx.Response:
    headers = {**student.keyed(), "Content-Type": "image/jpeg"}
    path = f"{ATTEMPTS}/{attempt_id}/check-in/identity-photo"
    return await house.client.post(path, content=jpeg(), headers=headers)


async def check_in(house: House, student: Someone, attempt_id: str) -> None:
    await done(house, student, attempt_id, "confirm")
    await done(house, student, attempt_id, "check-in")
    for step in ("browser", "camera", "consent"):
        await done(house, student, attempt_id, "check-in/steps", step=step)
    assert (await show_photo(house, student, attempt_id)).status_code == 200


async def test_an_attempt_from_reservation_to_hand_in(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    attempt_id = await reserved(live, student)
    await check_in(live, student, attempt_id)

    await done(live, proctor, attempt_id, "send-back", step="identity_photo", reason="too dark")
    await show_photo(live, student, attempt_id)
    assert (await done(live, proctor, attempt_id, "admit"))["phase"] == "admitted"
    started = await done(live, student, attempt_id, "start")
    extended = await done(live, proctor, attempt_id, "extend", by="PT2M", reason="a loud neighbour")
    paused = await done(live, proctor, attempt_id, "pause", reason="fire alarm")
    await done(live, student, attempt_id, "come-back")
    resumed = await done(live, proctor, attempt_id, "resume")
    submitted = await done(live, student, attempt_id, "submit")

    assert (started["phase"], paused["phase"], resumed["phase"]) == ("in_progress", "paused", "in_progress")
    assert extended["clock_version"] == started["clock_version"] + 1
    assert submitted["phase"] == "submitted"
    shown = await live.client.get(f"{ATTEMPTS}/{attempt_id}?live=true", headers=proctor.headers)
    assert shown.json()["live"]["phase"] == shown.json()["phase"] == "submitted"
    moves = await live.client.get(f"{ATTEMPTS}/{attempt_id}/moves?limit=200", headers=student.headers)
    verbs = [move["verb"] for move in moves.json()["items"] if move["machine"] == "attempt"]
    assert (
        verbs[-7:] == ["start", "extend", "pause", "come_back", "resume", "submit"] or verbs[-1] == "submit"
    )
    assert all(move["actor_id"] is None for move in moves.json()["items"])


async def test_the_identity_photo_is_stored_without_a_name_of_a_person(live: House) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    early = await show_photo(live, student, attempt_id)
    await done(live, student, attempt_id, "confirm")
    await done(live, student, attempt_id, "check-in")

    shown = await show_photo(live, student, attempt_id)

    assert early.status_code == 409
    assert early.json()["type"] == "/problems/illegal_move"
    assert shown.json()["checks_done"] == ["identity_photo"]
    lake = live.context.settings.lake_dir
    (photo,) = [path for path in lake.rglob("*") if path.is_file()]
    assert photo.read_bytes() == jpeg()
    assert photo.parent.name == attempt_id
    assert str(student.person_id) not in str(photo.relative_to(lake))


async def test_those_who_admit_see_the_identity_photo(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    attempt_id = await reserved(live, student)
    path = f"{ATTEMPTS}/{attempt_id}/check-in/identity-photo"
    before = await live.client.get(path, headers=proctor.headers)
    await check_in(live, student, attempt_id)

    seen = await live.client.get(path, headers=proctor.headers)
    by_other = await live.client.get(path, headers=(await live.person(Role.STUDENT)).headers)

    assert (before.status_code, seen.status_code, by_other.status_code) == (404, 200, 404)
    assert (seen.headers["content-type"], seen.content) == ("image/jpeg", jpeg())


async def test_a_retried_reservation_is_one_attempt(live: House) -> None:
    student, exam = await live.person(Role.STUDENT), await live.exam()
    slot = await live.slot(exam, seats=1)

    first = await reserve(live, student, exam, slot, "the-same-key")
    again = await reserve(live, student, exam, slot, "the-same-key")
    other = await reserve(live, student, exam, await live.slot(exam), "the-same-key")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert other.json()["pointer"] == "/Idempotency-Key"


async def test_the_same_request_sent_twice_at_once_is_one_attempt(live: House) -> None:
    student, exam = await live.person(Role.STUDENT), await live.exam()
    slot = await live.slot(exam, seats=5)

    answers = await asyncio.gather(*(reserve(live, student, exam, slot, "the-same-key") for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["attempt_id"] for answer in answers}) == 1
    shown = await live.client.get(f"/api/reservations/slots/{slot}", headers=student.headers)
    assert shown.json()["free_seats"] == 4


async def test_a_second_active_attempt_is_refused_and_names_the_first(live: House) -> None:
    student, exam = await live.person(Role.STUDENT), await live.exam()
    slot = await live.slot(exam)
    first = await reserve(live, student, exam, slot)

    second = await reserve(live, student, exam, slot)

    assert second.status_code == 409
    assert second.json()["type"] == "/problems/already_reserved"
    assert second.json()["attempt_id"] == first.json()["attempt_id"]


async def test_of_many_at_once_exactly_as_many_as_seats_get_one(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=3)
    students = [await live.person(Role.STUDENT) for _ in range(12)]

    answers = await asyncio.gather(*(reserve(live, student, exam, slot) for student in students))

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 9}
    refused = {answer.json()["type"] for answer in answers if answer.status_code == 409}
    assert refused == {"/problems/slot_full"}


async def test_a_refused_reservation_is_refused_alike_when_retried(live: House) -> None:
    exam = await live.exam()
    slot = await live.slot(exam, seats=1)
    students = [await live.person(Role.STUDENT) for _ in range(4)]
    answers = await asyncio.gather(*(reserve(live, one, exam, slot, "key-of-mine") for one in students))
    losers = [one for one, answer in zip(students, answers, strict=True) if answer.status_code == 409]

    again = [await reserve(live, one, exam, slot, "key-of-mine") for one in losers]

    assert len(losers) == 3
    assert {answer.json()["type"] for answer in again} == {"/problems/slot_full"}


async def test_a_command_that_is_not_possible_now_says_what_is(live: House) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)

    answer = await ask(live, student, attempt_id, "submit")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/illegal_move"
    assert "confirm" in answer.json()["detail"]


async def test_a_repeated_command_is_done_once(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    attempt_id = await reserved(live, student, admission="automatic")
    await check_in(live, student, attempt_id)
    await done(live, student, attempt_id, "start")
    body, headers = {"by": "PT5M"}, proctor.keyed("extend-once")

    first = await live.client.post(f"{ATTEMPTS}/{attempt_id}/extend", json=body, headers=headers)
    again = await live.client.post(f"{ATTEMPTS}/{attempt_id}/extend", json=body, headers=headers)

    assert first.json() == again.json()
    shown = await live.client.get(f"{ATTEMPTS}/{attempt_id}?live=true", headers=student.headers)
    assert shown.json()["live"]["deadline_at"] == first.json()["deadline_at"]


async def test_nobody_decides_about_their_own_attempt(live: House) -> None:
    both = await live.person(Role.STUDENT, Role.PROCTOR, Role.ADMIN)
    attempt_id = await reserved(live, both)

    answer = await ask(live, both, attempt_id, "void", {"reason": "I would rather not"})

    assert answer.status_code == 403
    assert "own attempt" in answer.json()["detail"]


async def test_what_is_over_cannot_be_changed(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    attempt_id = await reserved(live, student)
    await done(live, student, attempt_id, "cancel")

    answer = await ask(live, admin, attempt_id, "void", {"reason": "too late"})

    assert answer.status_code == 409
    assert answer.json()["type"] in {"/problems/illegal_move", "/problems/conflict"}


async def test_an_attempt_moves_to_another_slot(live: House) -> None:
    student, exam = await live.person(Role.STUDENT), await live.exam()
    first, second = (
        await live.slot(exam, timedelta(days=3)),
        await live.slot(exam, timedelta(days=4), seats=1),
    )
    attempt_id = (await reserve(live, student, exam, first)).json()["attempt_id"]
    await done(live, student, attempt_id, "confirm")

    moved = await done(live, student, attempt_id, "move", slot_id=str(second))

    assert moved["slot_id"] == str(second)
    free = [
        (await live.client.get(f"/api/reservations/slots/{one}", headers=student.headers)).json()[
            "free_seats"
        ]
        for one in (first, second)
    ]
    assert free == [10, 0]


async def test_a_hold_is_kept_on_the_attempt(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    attempt_id = await reserved(live, student)

    held = await done(live, admin, attempt_id, "hold", reason="A claim is at the court")

    assert held == {"attempt_id": attempt_id, "is_on_hold": True}
    shown = await live.client.get(f"{ATTEMPTS}/{attempt_id}", headers=admin.headers)
    assert shown.json()["is_on_hold"] is True
    assert (await done(live, admin, attempt_id, "unhold", reason="settled"))["is_on_hold"] is False
    listed = await live.client.get(f"{ATTEMPTS}/{attempt_id}/holds", headers=admin.headers)
    (entry,) = listed.json()
    assert (entry["reason"], entry["set_by_name"]) == ("A claim is at the court", "Somebody")
    assert (entry["release_reason"], entry["released_by_name"]) == ("settled", "Somebody")
