"""Sittings through HTTP: how many, what the refusal says, and that seats are not hoarded."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from activities.ports import Contact
from activities.sitting.loop import FurtherSittingLoop
from activities.sitting.sql import SqlFurtherSittingBook
from schema.db.tables.corrections import MarkingRound
from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone
from tests.notify.desk import Desk, RecordingSender

ATTEMPTS = "/api/reservations/attempts"


async def reserve(house: House, student: Someone, exam: Exam, slot: UUID, **more: Any) -> httpx.Response:
    body = {"exam_id": str(exam.exam_id), "slot_id": str(slot), **more}
    return await house.client.post(ATTEMPTS, json=body, headers=student.keyed())


async def handed_in(house: House, student: Someone, exam: Exam, slot: UUID, **columns: object) -> UUID:
    facts = {"submitted_at": house.clock(), "started_at": house.clock(), **columns}
    return await house.attempt(student.person_id, exam, slot, "submitted", **facts)


async def test_whoever_handed_in_is_refused_and_the_attempt_is_named(house: House) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    attempt_id = await handed_in(house, student, exam, slot)

    for wanted in (slot, await house.slot(exam)):
        refused = await reserve(house, student, exam, wanted, join_waiting_list=True)

        problem = refused.json()
        assert (refused.status_code, problem["type"]) == (409, "/problems/sittings_used_up")
        assert problem["attempt_id"] == str(attempt_id)
        assert (problem["exam_title"], problem["attempts_allowed"]) == ("Geography", 1)
        assert "you handed in “Geography” on 11 January 2027 at 09:00 UTC" in problem["detail"]
        assert str(exam.exam_id) not in problem["detail"]


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("no_show", "did not come to “Geography”"),
        ("voided", "was declared void"),
        ("terminated", "was stopped"),
    ],
)
async def test_what_was_not_handed_in_uses_a_sitting_up_too(house: House, phase: str, words: str) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    await house.attempt(student.person_id, exam, slot, phase)

    refused = await reserve(house, student, exam, slot)

    assert refused.json()["type"] == "/problems/sittings_used_up"
    assert words in refused.json()["detail"]


async def test_attempts_of_other_versions_and_other_students(house: House) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    older = exam.model_copy(update={"version": 7})
    await handed_in(house, student, older, slot)
    await handed_in(house, await house.person(Role.STUDENT), exam, slot)

    refused = await reserve(house, student, exam, slot)

    assert (refused.json()["type"], refused.json()["attempts_used"]) == ("/problems/sittings_used_up", 1)


async def test_a_refusal_speaks_of_the_exam_by_its_title(house: House) -> None:
    exam, student = await house.exam(), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    full, begun = await house.slot(exam, seats=0), await house.slot(exam, timedelta(hours=-1))
    key = f"{student.person_id}:{exam.exam_id}"
    waiting = await house.attempt(student.person_id, exam, slot, active_key=key)

    active = await reserve(house, student, exam, slot)
    other = await house.person(Role.STUDENT)
    refusals = [active, *[await reserve(house, other, exam, one) for one in (full, begun, new_id())]]

    assert [one.status_code for one in refusals] == [409, 409, 409, 404]
    assert active.json()["attempt_id"] == str(waiting)
    for one in refusals:
        assert "“Geography”" in one.json()["detail"]
        assert str(exam.exam_id) not in one.json()["detail"]
        assert str(slot) not in one.json()["detail"]


async def test_an_exam_says_how_many_and_which_counts(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    policy = {"attempts_allowed": 3, "counts": "last", "right_answers": "never"}
    made = await house.client.post(
        "/api/reservations/exams", json={"title": "Algebra", "policy": policy}, headers=author.keyed()
    )
    refused = await house.client.post(
        "/api/reservations/exams",
        json={"title": "Algebra", "policy": {"attempts_allowed": 0}},
        headers=author.keyed(),
    )

    assert {name: made.json()["policy"][name] for name in policy} == policy
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/policy/attempts_allowed"


@pytest.mark.temporal
async def test_reserving_and_cancelling_in_turn_comes_to_an_end(live: House) -> None:
    exam, student = await live.exam(), await live.person(Role.STUDENT)
    slot = await live.slot(exam, seats=1)
    answers = []
    for _ in range(5):
        answers.append(await reserve(live, student, exam, slot, join_waiting_list=True))
        if answers[-1].status_code == 201:
            path = f"{ATTEMPTS}/{answers[-1].json()['attempt_id']}/cancel"
            assert (await live.client.post(path, json={}, headers=student.keyed())).status_code == 200
    other = await reserve(live, await live.person(Role.STUDENT), exam, slot)

    assert [one.status_code for one in answers] == [201, 201, 201, 409, 409]
    assert answers[-1].json()["type"] == "/problems/too_many_holds"
    assert "“Geography”" in answers[-1].json()["detail"]
    assert other.status_code == 201


async def give(
    house: House, person: Someone, attempt_id: UUID, key: str | None = None, reason: str = "She was ill."
) -> httpx.Response:
    path = f"{ATTEMPTS}/{attempt_id}/further-sitting"
    return await house.client.post(path, json={"reason": reason}, headers=person.keyed(key))


async def sittings(house: House, person: Someone, **query: str) -> list[dict[str, Any]]:
    answer = await house.client.get("/api/reservations/sittings", params=query, headers=person.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_an_admin_gives_a_further_sitting_once_with_a_reason(house: House) -> None:
    exam, student, admin = (
        await house.exam(),
        await house.person(Role.STUDENT),
        await house.person(Role.ADMIN),
    )
    slot = await house.slot(exam)
    attempt_id = await handed_in(house, student, exam, slot, release="released")
    before = await sittings(house, student)

    without = await give(house, admin, attempt_id, reason="")
    given = await give(house, admin, attempt_id, "once-and-again")
    replayed = await give(house, admin, attempt_id, "once-and-again")
    again = await give(house, admin, attempt_id)
    (mine,) = await sittings(house, student)
    (theirs,) = await sittings(house, admin, student_id=str(student.person_id))
    record = await house.client.get(f"{ATTEMPTS}/{attempt_id}/record", headers=admin.headers)

    assert (before[0]["attempts_allowed"], before[0]["used"], before[0]["left"]) == (1, 1, 0)
    assert (without.status_code, given.status_code, again.status_code) == (422, 201, 409)
    assert replayed.json() == given.json() == {"attempt_id": str(attempt_id), "has_seen_right_answers": False}
    assert "can be used once" in again.json()["detail"]
    assert (mine["attempts_allowed"], mine["left"], mine["further"][0]["reason"]) == (2, 1, "")
    assert theirs["further"][0]["reason"] == "She was ill."
    assert theirs["further"][0]["given_by_name"] == "Somebody"
    assert record.json()["sittings"] == theirs
    acts = await house.client.get("/api/users/audit-log", headers=admin.headers)
    (act,) = [one for one in acts.json()["items"] if one["kind"] == "further_sitting_given"]
    assert (act["subject_id"], act["reason"]) == (str(attempt_id), "She was ill.")


async def test_the_student_is_told_of_a_further_sitting_once(house: House) -> None:
    exam, student, admin = (
        await house.exam(),
        await house.person(Role.STUDENT),
        await house.person(Role.ADMIN),
    )
    attempt_id = await handed_in(house, student, exam, await house.slot(exam), release="released")
    sender = RecordingSender()
    desk = Desk(sender)
    desk.directory.add(Contact(student.person_id, "ada@example.org", "Ada", "UTC", "en"), "student")
    book = SqlFurtherSittingBook(house.context.databases.reservations)
    loop = FurtherSittingLoop(book, desk.activities, now=house.clock)

    await loop.step()
    before = list(sender.taken)
    assert (await give(house, admin, attempt_id)).status_code == 201
    for _ in range(2):
        await loop.step()

    (mail,) = sender.taken
    assert before == []
    assert "once more" in str(mail["Subject"])
    assert "ill" not in mail.as_string()
    assert desk.kinds_of(student.person_id) == ["further_sitting"]
    assert list(await book.untold(house.clock() - timedelta(days=99))) == []


async def test_a_further_sitting_is_used_up_too(house: House) -> None:
    exam, student, admin = (
        await house.exam(),
        await house.person(Role.STUDENT),
        await house.person(Role.ADMIN),
    )
    slot = await house.slot(exam)
    first = await handed_in(house, student, exam, slot)
    assert (await give(house, admin, first)).status_code == 201
    early = await give(house, admin, first)
    second = await handed_in(house, student, exam, slot)

    refused = await reserve(house, student, exam, slot)
    once_more = await give(house, admin, second)

    assert early.status_code == 409
    assert (refused.json()["type"], refused.json()["attempt_id"]) == (
        "/problems/sittings_used_up",
        str(second),
    )
    assert "twice" in refused.json()["detail"]
    assert once_more.status_code == 201


async def test_who_gives_no_further_sitting(house: House) -> None:
    exam, student = await house.exam(attempts_allowed=2), await house.person(Role.STUDENT)
    slot = await house.slot(exam)
    used, cancelled = [
        await house.attempt(student.person_id, exam, slot, phase) for phase in ("submitted", "cancelled")
    ]
    admin = await house.person(Role.ADMIN)
    own = await house.with_roles(student, Role.ADMIN, Role.STUDENT)
    others = [await house.person(role) for role in (Role.STUDENT, Role.PROCTOR, Role.AUTHOR, Role.REVIEWER)]
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())

    left = await give(house, admin, used)
    needless = await give(house, admin, cancelled)

    assert [(await give(house, one, used)).status_code for one in others] == [403] * 4
    assert (await give(house, own, used)).status_code == 403
    assert (await give(house, stranger, used)).status_code == 404
    assert (left.status_code, needless.status_code) == (409, 409)
    assert "has a sitting of “Geography” left" in left.json()["detail"]
    others_view = await house.client.get(
        "/api/reservations/sittings", params={"student_id": str(student.person_id)}, headers=others[1].headers
    )
    assert others_view.status_code == 403


async def marked(house: House, attempt_id: UUID, percent: str) -> None:
    row = MarkingRound(
        attempt_id=attempt_id, round_number=1, earned=Decimal(percent), points=Decimal(100),
        percent=Decimal(percent), passed=True, created_at=house.clock(), completed_at=house.clock(),
    )  # fmt: skip
    async with house.context.databases.corrections.write() as session:
        session.add(row)


@pytest.mark.parametrize(("rule", "place"), [("best", 0), ("last", 1), ("first", 0)])
async def test_lists_say_which_sitting_counts(house: House, rule: str, place: int) -> None:
    exam = await house.exam(attempts_allowed=2, counts=rule)
    student, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    slot, ids = await house.slot(exam), []
    for percent in ("80", "40"):
        began = house.clock()
        ids.append(await handed_in(house, student, exam, slot, created_at=began, release="released"))
        await marked(house, ids[-1], percent)
        house.clock.move(timedelta(seconds=1))
    expected = {str(attempt_id): number == place for number, attempt_id in enumerate(ids)}

    mine = await house.client.get(f"{ATTEMPTS}/mine", headers=student.headers)
    found = await house.client.get(f"{ATTEMPTS}/search", headers=admin.headers)
    (of_exam,) = await sittings(house, student)

    for listed in (mine.json()["items"], found.json()["items"], of_exam["attempts"]):
        assert {one["attempt_id"]: one["counts"] for one in listed} == expected
    assert {one["sittings"] for one in mine.json()["items"]} == {2}
    assert of_exam["counting"] == rule


async def test_a_student_does_not_learn_from_it_what_is_not_released(house: House) -> None:
    exam = await house.exam(attempts_allowed=2)
    student, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    slot = await house.slot(exam)
    released = await handed_in(house, student, exam, slot, release="released")
    house.clock.move(timedelta(seconds=1))
    better = await handed_in(house, student, exam, slot)
    await marked(house, released, "40")
    await marked(house, better, "90")

    mine = await house.client.get(f"{ATTEMPTS}/mine", headers=student.headers)
    found = await house.client.get(f"{ATTEMPTS}/search", headers=admin.headers)

    assert {one["attempt_id"]: one["counts"] for one in mine.json()["items"]}[str(released)] is True
    assert {one["attempt_id"]: one["counts"] for one in found.json()["items"]}[str(better)] is True
