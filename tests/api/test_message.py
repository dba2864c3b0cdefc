"""Messages and raised hands over HTTP: who may say what at whose attempt, until when, and how it is told."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.password import Passwords
from schema.conversation import TALKING_PHASES
from schema.db.session import Databases
from schema.db.tables.reservations import AttemptRow
from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.conftest import PARTS, serving
from tests.api.house import House, MovableClock, Someone

API = "/api/monitoring"


@pytest.fixture
def app(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    parts = PARTS | {Part.MONITORING}
    return create_app(settings, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock)


@pytest.fixture
async def exam(house: House) -> Exam:
    return await house.exam()


@pytest.fixture
async def student(house: House) -> Someone:
    return await house.person(Role.STUDENT)


@pytest.fixture
async def proctor(house: House) -> Someone:
    return await house.person(Role.PROCTOR)


@pytest.fixture
async def attempt_id(house: House, exam: Exam, student: Someone) -> UUID:
    return await house.attempt(student.person_id, exam, await house.slot(exam), "in_progress")


@pytest.fixture
async def others(house: House) -> dict[str, Someone]:
    return {
        "another student": await house.person(Role.STUDENT),
        "a proctor of another organisation": await house.person(Role.PROCTOR, organisation_id=new_id()),
    }


async def say(
    house: House, who: Someone, attempt_id: UUID, text: Any, key: str | None = None
) -> httpx.Response:
    path = f"{API}/attempts/{attempt_id}/messages"
    return await house.client.post(path, json={"text": text}, headers=who.keyed(key))


async def hear(house: House, who: Someone, attempt_id: UUID, **params: Any) -> dict[str, Any]:
    path = f"{API}/attempts/{attempt_id}/messages"
    answer = await house.client.get(path, headers=who.headers, params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def hand(house: House, who: Someone, attempt_id: UUID, *, raised: bool) -> httpx.Response:
    path = f"{API}/attempts/{attempt_id}/hand"
    return await house.client.post(path, json={"raised": raised}, headers=who.headers)


async def read(house: House, who: Someone, attempt_id: UUID, up_to: int) -> httpx.Response:
    path = f"{API}/attempts/{attempt_id}/messages/read"
    return await house.client.put(path, json={"up_to": up_to}, headers=who.headers)


async def to_several(
    house: House, who: Someone, attempts: list[UUID], text: str, key: str | None = None
) -> httpx.Response:
    body = {"attempt_ids": [str(one) for one in attempts], "text": text}
    return await house.client.post(f"{API}/messages", json=body, headers=who.keyed(key))


async def become(house: House, attempt_id: UUID, phase: str) -> None:
    async with house.context.databases.reservations.write() as session:
        (await session.get_one(AttemptRow, attempt_id)).phase = phase


async def tiles(house: House, proctor: Someone, exam: Exam) -> dict[str, dict[str, Any]]:
    path = f"{API}/wall?exam_id={exam.exam_id}"
    answer = await house.client.get(path, headers=proctor.headers)
    return {tile["attempt_id"]: tile for tile in answer.json()["items"]}


async def test_both_sides_read_what_the_other_says(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID
) -> None:
    asked = await say(house, student, attempt_id, "  May I use a ruler?\n")
    answered = await say(house, proctor, attempt_id, "Yes.")

    assert (asked.status_code, answered.status_code) == (201, 201)
    heard = await hear(house, student, attempt_id)
    seen = await hear(house, proctor, attempt_id)
    texts = [(one["number"], one["role"], one["text"]) for one in heard["items"]]
    assert texts == [(1, "student", "May I use a ruler?"), (2, "proctor", "Yes.")]
    assert [one["author_name"] for one in seen["items"]] == ["Somebody", "Somebody"]
    assert heard["standing"]["unread"] == seen["standing"]["unread"] == 1


async def test_a_student_is_told_no_name_and_no_key_of_a_proctor(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID
) -> None:
    await say(house, proctor, attempt_id, "Hello.", key="proctors-key")
    await say(house, student, attempt_id, "Hi.", key="students-key")

    heard = await hear(house, student, attempt_id)

    assert [(one["author_name"], one["key"], one["is_mine"]) for one in heard["items"]] == [
        (None, None, False),
        (None, "students-key", True),
    ]
    assert str(proctor.person_id) not in str(heard)


async def test_a_message_sent_again_is_said_once(house: House, student: Someone, attempt_id: UUID) -> None:
    sent = [await say(house, student, attempt_id, "Hello", key="one-key-for-it") for _ in range(2)]
    other = await say(house, student, attempt_id, "Something else", key="one-key-for-it")

    assert sent[0].json() == sent[1].json()
    assert (other.status_code, other.json()["pointer"]) == (422, "/Idempotency-Key")
    assert len((await hear(house, student, attempt_id))["items"]) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1_001, None, 7])
async def test_a_text_has_one_to_a_thousand_characters(
    house: House, student: Someone, attempt_id: UUID, text: Any
) -> None:
    refused = await say(house, student, attempt_id, text)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/text"]
    assert (await hear(house, student, attempt_id))["items"] == []


async def test_a_message_needs_a_key(house: House, student: Someone, attempt_id: UUID) -> None:
    path = f"{API}/attempts/{attempt_id}/messages"

    refused = await house.client.post(path, json={"text": "Hello"}, headers=student.headers)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["in"] == "header"


async def test_an_attempt_is_not_there_for_others(
    house: House, others: dict[str, Someone], student: Someone, attempt_id: UUID
) -> None:
    await say(house, student, attempt_id, "Hello")
    path = f"{API}/attempts/{attempt_id}/messages"

    for name, other in others.items():
        listed = await house.client.get(path, headers=other.headers)
        said = await say(house, other, attempt_id, "Hello")
        marked = await read(house, other, attempt_id, 1)
        raised = await hand(house, other, attempt_id, raised=False)
        assert {answer.status_code for answer in (listed, said, marked, raised)} == {404}, name
    assert len((await hear(house, student, attempt_id))["items"]) == 1


async def test_reviewers_read_and_say_nothing(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID
) -> None:
    await say(house, student, attempt_id, "Hello")
    reviewer, grader = await house.person(Role.REVIEWER), await house.person(Role.GRADER)
    both = await house.person(Role.REVIEWER, Role.STUDENT)

    assert len((await hear(house, reviewer, attempt_id))["items"]) == 1
    assert (await say(house, reviewer, attempt_id, "Hello")).status_code == 403
    assert (await say(house, grader, attempt_id, "Hello")).status_code == 403
    assert (await say(house, both, attempt_id, "Hello")).status_code == 403
    assert (await read(house, both, attempt_id, 1)).status_code == 403
    assert (await hear(house, proctor, attempt_id))["standing"]["unread"] == 1


async def test_on_their_own_attempt_people_speak_as_its_student(
    house: House, exam: Exam, proctor: Someone
) -> None:
    both = await house.person(Role.STUDENT, Role.PROCTOR)
    attempt_id = await house.attempt(both.person_id, exam, await house.slot(exam), "in_progress")

    said = await say(house, both, attempt_id, "Hello")
    in_bulk = await to_several(house, both, [attempt_id], "Hello all")

    assert said.json()["role"] == "student"
    assert [one["is_delivered"] for one in in_bulk.json()["items"]] == [False]
    assert (await hear(house, proctor, attempt_id))["standing"]["unread"] == 1


@pytest.mark.parametrize("phase", sorted(TALKING_PHASES))
async def test_messages_go_from_check_in_on(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID, phase: str
) -> None:
    await become(house, attempt_id, phase)

    assert (await say(house, student, attempt_id, "Help, please")).status_code == 201
    assert (await say(house, proctor, attempt_id, "What is it?")).status_code == 201
    assert (await hand(house, student, attempt_id, raised=True)).status_code == 200
    assert (await hear(house, student, attempt_id))["standing"]["is_open"] is True


@pytest.mark.parametrize("phase", ["reserved", "submitted", "cancelled", "no_show", "voided"])
async def test_before_and_afterwards_it_can_only_be_read(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID, phase: str
) -> None:
    await say(house, student, attempt_id, "Hello")
    await hand(house, student, attempt_id, raised=True)
    await become(house, attempt_id, phase)

    for who in (student, proctor):
        refused = await say(house, who, attempt_id, "Too late")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/illegal_move")
        assert (await hand(house, who, attempt_id, raised=False)).status_code == 409
        heard = await hear(house, who, attempt_id)
        assert [one["text"] for one in heard["items"]] == ["Hello"]
        assert heard["standing"]["is_open"] is False
        assert heard["standing"]["hand_raised_at"] is None


async def test_read_marks_count_for_the_whole_side(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID
) -> None:
    for text in ("one", "two"):
        await say(house, student, attempt_id, text)
    colleague = await house.person(Role.PROCTOR)

    marked = await read(house, proctor, attempt_id, 2)
    await read(house, colleague, attempt_id, 1)

    assert (marked.status_code, marked.json()["unread"]) == (200, 0)
    assert (await hear(house, colleague, attempt_id))["standing"]["unread"] == 0
    standing = (await hear(house, student, attempt_id))["standing"]
    assert (standing["read_by_proctors"], standing["read_by_student"]) == (2, 0)


async def test_messages_come_page_by_page_after_a_number(
    house: House, student: Someone, attempt_id: UUID
) -> None:
    for number in range(5):
        await say(house, student, attempt_id, f"message {number + 1}")
    found: list[str] = []
    after: int | None = 0

    while after is not None:
        page = await hear(house, student, attempt_id, after=after, limit=2)
        found += [one["text"] for one in page["items"]]
        after = page["next_after"]

    assert found == [f"message {number}" for number in range(1, 6)]


async def test_whoever_waits_hears_at_once(
    house: House, student: Someone, proctor: Someone, attempt_id: UUID
) -> None:
    version = (await hear(house, student, attempt_id))["standing"]["version"]
    waiting = asyncio.create_task(hear(house, student, attempt_id, version=version, wait=8))

    await say(house, proctor, attempt_id, "Ten minutes left")

    async with asyncio.timeout(7):  # before its patience would end
        assert [one["text"] for one in (await waiting)["items"]] == ["Ten minutes left"]


async def test_whoever_waits_in_vain_is_answered_all_the_same(
    house: House, student: Someone, attempt_id: UUID
) -> None:
    assert (await hear(house, student, attempt_id, wait=0.1))["items"] == []


async def test_a_student_raises_the_hand_and_both_sides_lower_it(
    house: House, student: Someone, proctor: Someone, exam: Exam, attempt_id: UUID
) -> None:
    raised = await hand(house, student, attempt_id, raised=True)
    since = house.clock()
    house.clock.move(timedelta(minutes=1))
    again = await hand(house, student, attempt_id, raised=True)
    shown = (await tiles(house, proctor, exam))[str(attempt_id)]["hand_raised_at"]
    by_proctor = await hand(house, proctor, attempt_id, raised=True)
    lowered = await hand(house, proctor, attempt_id, raised=False)

    assert raised.json()["hand_raised_at"] == again.json()["hand_raised_at"] == shown
    assert shown == since.isoformat().replace("+00:00", "Z")
    assert by_proctor.status_code == 403
    assert (lowered.json()["hand_raised_at"], lowered.json()["hand_lowered_by"]) == (None, "proctor")
    assert (await tiles(house, proctor, exam))[str(attempt_id)]["hand_raised_at"] is None


async def test_the_wall_counts_what_no_proctor_has_read(
    house: House, student: Someone, proctor: Someone, exam: Exam, attempt_id: UUID
) -> None:
    silent = await house.attempt(new_id(), exam, await house.slot(exam), "in_progress")
    for text in ("one", "two"):
        await say(house, student, attempt_id, text)
    await say(house, proctor, attempt_id, "Yes?")
    before = await tiles(house, proctor, exam)

    await read(house, proctor, attempt_id, 3)

    assert [before[str(one)]["unread_messages"] for one in (attempt_id, silent)] == [2, 0]
    assert (await tiles(house, proctor, exam))[str(attempt_id)]["unread_messages"] == 0


async def test_a_message_to_several_is_answered_for_each(
    house: House, student: Someone, proctor: Someone, exam: Exam, attempt_id: UUID
) -> None:
    over = await house.attempt(new_id(), exam, await house.slot(exam), "submitted")
    unknown = new_id()

    answers = [
        await to_several(house, proctor, [attempt_id, over, unknown, attempt_id], "Ten minutes", "bulk-key")
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    items = answers[0].json()["items"]
    assert [(one["attempt_id"], one["is_delivered"], one["problem"]) for one in items] == [
        (str(attempt_id), True, None),
        (str(over), False, "/problems/illegal_move"),
        (str(unknown), False, "/problems/not_found"),
    ]
    heard = await hear(house, student, attempt_id)
    assert [(one["text"], one["role"]) for one in heard["items"]] == [("Ten minutes", "proctor")]


async def test_students_say_nothing_to_several(house: House, student: Someone, attempt_id: UUID) -> None:
    assert (await to_several(house, student, [attempt_id], "Hello")).status_code == 403


@pytest.mark.parametrize("attempts", [0, 201])
async def test_several_are_one_to_two_hundred(house: House, proctor: Someone, attempts: int) -> None:
    refused = await to_several(house, proctor, [new_id() for _ in range(attempts)], "Hello")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/attempt_ids"


async def test_too_many_messages_are_asked_to_wait(
    settings: Settings, databases: Databases, clock: MovableClock
) -> None:
    limited = settings.model_copy(update={"rate_limits": True})
    parts = PARTS | {Part.MONITORING}
    app = create_app(limited, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock)
    async with serving(app) as client:
        house = House(client, app.state.context, clock)
        exam, student = await house.exam(), await house.person(Role.STUDENT)
        attempt_id = await house.attempt(student.person_id, exam, await house.slot(exam), "in_progress")
        answers = [await say(house, student, attempt_id, f"message {place}") for place in range(31)]

    assert [answer.status_code for answer in answers] == [201] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
