"""What students are offered: the published version while its author edits the next, and slots that can be booked."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_exam import CHOICE, EXAMS, TRUE_FALSE, create, draft, publish, put

SLOTS = "/api/reservations/slots"
ATTEMPTS = "/api/reservations/attempts"


async def listed(house: House, person: Someone, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await house.client.get(path, params=query, headers=person.headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def slot_of(house: House, author: Someone, exam: dict[str, Any]) -> str:
    at = house.clock() + timedelta(days=1)
    body = {
        "exam_id": exam["exam_id"],
        "starts_at": at.isoformat(),
        "ends_at": (at + timedelta(hours=2)).isoformat(),
    }
    answer = await house.client.post(SLOTS, json={**body, "seats": 5}, headers=author.keyed())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["slot_id"])


async def withdraw(house: House, author: Someone, exam: dict[str, Any]) -> httpx.Response:
    headers = {**author.headers, "If-Match": f'"{exam["version"]}"'}
    return await house.client.post(f"{EXAMS}/{exam['exam_id']}/withdraw", headers=headers)


async def test_the_published_version_stays_while_the_next_one_is_written(house: House) -> None:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    published = (await publish(house, author, await create(house, author))).json()
    slot = await slot_of(house, author, published)

    edited = (await put(house, author, published, draft(CHOICE, title="A new title"))).json()
    (offered,) = await listed(house, student, EXAMS)
    (seen,) = await listed(house, student, SLOTS)
    (own,) = await listed(house, author, EXAMS)
    (to_book,) = await listed(house, author, EXAMS, is_bookable="true")

    assert edited["version"] == 2
    assert (offered["title"], offered["version"], offered["is_published"]) == (published["title"], 1, True)
    assert (seen["slot_id"], seen["exam_title"], seen["is_bookable"]) == (slot, published["title"], True)
    assert (own["title"], own["version"], own["is_published"], own["offered_version"]) == (
        "A new title",
        2,
        False,
        1,
    )
    assert to_book == offered

    await publish(house, author, edited)
    (offered,) = await listed(house, student, EXAMS)
    assert (offered["title"], offered["version"]) == ("A new title", 2)


async def test_a_draft_that_was_never_published_is_not_offered(house: House) -> None:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    exam = await create(house, author)
    slot = await slot_of(house, author, exam)
    body = {"exam_id": exam["exam_id"], "slot_id": slot}

    refused = await house.client.post(ATTEMPTS, json=body, headers=student.keyed())

    assert await listed(house, student, EXAMS) == await listed(house, student, SLOTS) == []
    assert refused.status_code == 404
    assert exam["exam_id"] not in refused.json()["detail"]


async def test_an_exam_is_withdrawn_and_offered_again(house: House) -> None:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    published = (await publish(house, author, await create(house, author))).json()

    withdrawn = await withdraw(house, author, published)
    nothing = await listed(house, student, EXAMS)
    edited = (await put(house, author, published, draft(TRUE_FALSE))).json()
    kept = await house.client.get(f"{EXAMS}/{published['exam_id']}?version=1", headers=author.headers)
    stale = await withdraw(house, author, published)
    await publish(house, author, edited)

    assert (withdrawn.status_code, withdrawn.json()["is_published"], nothing) == (200, False, [])
    assert kept.status_code == 200  # attempts may use it
    assert stale.status_code == 409
    assert [one["version"] for one in await listed(house, student, EXAMS)] == [2]
    assert (await withdraw(house, await house.person(Role.AUTHOR), edited)).status_code == 404


async def test_a_slot_that_can_no_longer_be_booked_is_not_offered(house: House) -> None:
    exam = await house.exam(no_show_after="PT10M")
    student, proctor = await house.person(Role.STUDENT), await house.person(Role.PROCTOR)
    begun = await house.slot(exam, timedelta(minutes=-10))
    last_chance = await house.slot(exam, timedelta(minutes=-9))

    offered = await listed(house, student, SLOTS)
    overseen = await listed(house, proctor, SLOTS)
    shown = await house.client.get(f"{SLOTS}/{begun}", headers=student.headers)

    assert [slot["slot_id"] for slot in offered] == [str(last_chance)]
    assert {slot["slot_id"]: slot["is_bookable"] for slot in overseen} == {
        str(begun): False,
        str(last_chance): True,
    }
    assert shown.json()["is_bookable"] is False


async def test_a_seat_is_not_taken_where_one_would_be_absent_at_once(house: House) -> None:
    exam = await house.exam(no_show_after="PT10M")
    student, other = await house.person(Role.STUDENT), await house.person(Role.STUDENT)
    begun, later = await house.slot(exam, timedelta(minutes=-9)), await house.slot(exam)
    kept = {"hold_until": house.clock() + timedelta(minutes=10)}
    held = await house.attempt(student.person_id, exam, begun, "held", **kept)
    reserved = await house.attempt(other.person_id, exam, later)
    house.clock.move(timedelta(minutes=1))

    confirmed = await house.client.post(f"{ATTEMPTS}/{held}/confirm", headers=student.keyed())
    moved = await house.client.post(
        f"{ATTEMPTS}/{reserved}/move", json={"slot_id": str(begun)}, headers=other.keyed()
    )

    for answer in (confirmed, moved):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal_move")
        assert "can no longer be begun; choose a later one" in answer.json()["detail"]


@pytest.mark.temporal
async def test_who_books_meanwhile_gets_the_published_version(live: House) -> None:
    author, student = await live.person(Role.AUTHOR), await live.person(Role.STUDENT)
    published = (await publish(live, author, await create(live, author))).json()
    slot = await slot_of(live, author, published)
    await put(live, author, published, draft(CHOICE))

    body = {"exam_id": published["exam_id"], "slot_id": slot}
    held = await live.client.post(ATTEMPTS, json=body, headers=student.keyed(str(new_id())))
    attempt = await live.client.get(f"{ATTEMPTS}/{held.json()['attempt_id']}", headers=student.headers)

    assert held.status_code == 201, held.text
    assert attempt.json()["exam_version"] == 1
