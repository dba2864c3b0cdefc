"""The audit log: each change of people with who, when, before and after, in a chain that shows every hole."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from activities.act.loop import IntentLoop
from activities.act.sql import SqlIntentBook
from activities.adapters.temporal_failure import NotRunning
from api.access.act import carried_out
from api.reservations.command import send
from schema import lifecycle as m
from schema.db.journal import verify_journals
from schema.db.tables.corrections import LateAnswerRow, ReviewRow
from schema.db.tables.reservations import AttemptSnapshot
from schema.db.tables.users import JournalEntry, JournalHead
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.journal import Act, ActKind, ActSubject
from schema.machine import ActorRole
from schema.role import Role
from tests.api.house import PASSWORD, House, Someone
from tests.api.test_attempt_flow import reserved

LOG = "/api/users/audit-log"


async def acts(house: House, admin: Someone, **filters: Any) -> list[dict[str, Any]]:
    answer = await house.client.get(LOG, params=filters, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def change(house: House, admin: Someone, person: Someone, **values: Any) -> int:
    path = f"/api/users/people/{person.person_id}"
    return (await house.client.patch(path, json=values, headers=admin.headers)).status_code


async def give_roles(house: House, admin: Someone, person: Someone, *roles: str) -> int:
    path = f"/api/users/people/{person.person_id}/roles"
    answer = await house.client.put(path, json={"roles": list(roles)}, headers=admin.headers)
    return answer.status_code


async def test_each_change_of_a_person_is_there_with_who_when_before_and_after(house: House) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)

    await give_roles(house, admin, person, "student", "proctor")
    house.clock.move(timedelta(minutes=1))
    await change(house, admin, person, display_name="Ada Byron", student_number="1815", cohort="Maths")
    extra = {"duration_factor": "1.25", "reason": "Decision of 12 November"}
    await house.client.put(
        f"/api/users/people/{person.person_id}/extra-time", json=extra, headers=admin.headers
    )
    await change(house, admin, person, is_disabled=True)
    await change(house, admin, person, is_disabled=False)
    found = await acts(house, admin, person_id=str(person.person_id))

    assert [act["kind"] for act in found] == [
        "enabled", "disabled", "extra_time_changed", "details_changed", "roles_changed",
    ]  # fmt: skip
    assert {(act["actor_id"], act["actor_name"]) for act in found} == {(str(admin.person_id), "Somebody")}
    roles, details, extra_time = found[4], found[3], found[2]
    assert (roles["before"], roles["after"]) == (
        {"roles": ["student"]},
        {"roles": ["proctor", "student"]},
    )
    assert details["before"]["display_name"] == "Somebody"
    assert details["after"]["display_name"] == "Ada Byron"
    assert details["after"]["student_number"] == "1815"
    assert details["after"]["cohort"] == "Maths"
    assert (extra_time["before"], extra_time["after"]) == (
        {"duration_factor": "1"},
        {"duration_factor": "1.25"},
    )
    assert extra_time["reason"] == "Decision of 12 November"
    assert details["at"] > roles["at"]


async def test_what_people_change_about_themselves_is_there_too_without_secrets(house: House) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)

    await house.client.patch("/api/users/me", json={"display_name": "Ben"}, headers=person.headers)
    new = "a new long password"
    passwords = {"current": PASSWORD, "new": new}
    await house.client.post("/api/users/me/password", json=passwords, headers=person.headers)
    answer = await house.client.get(LOG, headers=admin.headers)

    assert [act["kind"] for act in answer.json()["items"]] == ["password_changed", "details_changed"]
    assert new not in answer.text
    assert "$2b$" not in answer.text


async def test_what_changes_nothing_leaves_no_act(house: House) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)

    await give_roles(house, admin, person, "student")
    await change(house, admin, person, display_name="Somebody", is_disabled=False)

    assert await acts(house, admin) == []


async def test_an_import_is_there_person_by_person(house: House) -> None:
    admin, known = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    text = f"email,name,roles\r\nnew@example.org,Grace,proctor\r\n{known.email},Known,student grader\r\n"
    headers = admin.keyed() | {"Content-Type": "text/csv"}

    answer = await house.client.post("/api/users/import", content=text, headers=headers)
    found = await acts(house, admin)

    assert answer.status_code == 200, answer.text
    assert {act["kind"] for act in found} == {"imported", "roles_changed", "details_changed"}
    imported = next(act for act in found if act["kind"] == "imported")
    assert imported["after"]["roles"] == ["proctor"]
    assert imported["after"]["display_name"] == "Grace"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_it_is_for_admins_of_the_organisation(house: House, role: Role) -> None:
    admin, other = await house.person(Role.ADMIN), await house.person(role)
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())
    await give_roles(house, admin, other, "student")

    for path in (LOG, f"{LOG}/verification"):
        assert (await house.client.get(path, headers=other.headers)).status_code == 403
    assert await acts(house, stranger) == []


async def test_pages_are_whole(house: House) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    for number in range(5):
        await change(house, admin, person, student_number=str(number))

    first = (await house.client.get(LOG, params={"limit": 3}, headers=admin.headers)).json()
    second = (
        await house.client.get(
            LOG, params={"limit": 3, "cursor": first["next_cursor"]}, headers=admin.headers
        )
    ).json()

    assert [act["number"] for act in first["items"] + second["items"]] == [5, 4, 3, 2, 1]


async def verification(house: House, admin: Someone) -> dict[str, Any]:
    answer = await house.client.get(f"{LOG}/verification", headers=admin.headers)
    found: dict[str, Any] = answer.json()
    return found


TAMPERING = {
    "changed": update(JournalEntry).where(JournalEntry.number == 2).values(reason="nothing to see"),
    "removed": delete(JournalEntry).where(JournalEntry.number == 2),
    "cut off": delete(JournalEntry).where(JournalEntry.number == 3),
    "head set back": update(JournalHead).values(number=2),
}


@pytest.mark.parametrize("way", TAMPERING)
async def test_whoever_changes_it_is_found_out(house: House, way: str) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    for number in range(3):
        await change(house, admin, person, student_number=str(number))
    before = await verification(house, admin)

    async with house.context.databases.users.write() as session:
        await session.execute(TAMPERING[way])
    after = await verification(house, admin)

    assert (before["acts"], before["broken_at"]) == (3, None)
    assert after["broken_at"] in {2, 3, 4}
    assert [one.is_whole for one in await verify_journals(house.context.databases.users)] == [False]


OWN = [
    ("PUT", "/roles", {"roles": ["admin", "reviewer"]}),
    ("PUT", "/roles", {"roles": ["admin"]}),
    ("PUT", "/roles", {"roles": []}),
    ("PUT", "/extra-time", {"duration_factor": "2", "reason": "Because"}),
    ("PATCH", "", {"is_disabled": True}),
    ("PATCH", "", {"is_disabled": False}),
    ("PATCH", "", {"student_number": "007"}),
    ("PATCH", "", {"cohort": "Mine"}),
    ("PATCH", "", {"display_name": "Another"}),
]


@pytest.mark.parametrize(("method", "path", "body"), OWN)
async def test_nobody_changes_their_own_roles_or_standing(
    house: House, method: str, path: str, body: dict[str, Any]
) -> None:
    admin = await house.person(Role.ADMIN, Role.STUDENT)
    before = (await house.client.get("/api/users/me", headers=admin.headers)).json()

    answer = await house.client.request(
        method, f"/api/users/people/{admin.person_id}{path}", json=body, headers=admin.headers
    )

    assert answer.status_code == 409
    assert (await house.client.get("/api/users/me", headers=admin.headers)).json() == before


@pytest.mark.parametrize(
    ("columns", "values", "column"),
    [
        ("roles", "admin reviewer", "roles"),
        ("name", "Another", "name"),
        ("student_number", "007", "student_number"),
        ("cohort", "Mine", "cohort"),
        ("time_factor,time_factor_reason", "2,Because", "time_factor"),
    ],
)
async def test_nor_by_a_list(house: House, columns: str, values: str, column: str) -> None:
    admin = await house.person(Role.ADMIN)
    text = f"email,{columns}\r\n{admin.email},{values}\r\n"

    answer = await house.client.post(
        "/api/users/import", content=text, headers=admin.keyed() | {"Content-Type": "text/csv"}
    )

    assert answer.status_code == 422
    assert [error["column"] for error in answer.json()["errors"]] == [column]
    assert await acts(house, admin) == []


async def test_people_of_the_institution_do_not_change_their_names(house: House) -> None:
    admin, person = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    text = f"email,name,student_number\r\n{person.email},Ada Lovelace,1815\r\n"
    await house.client.post(
        "/api/users/import", content=text, headers=admin.keyed() | {"Content-Type": "text/csv"}
    )

    async def mine(**values: str) -> tuple[int, dict[str, Any]]:
        answer = await house.client.patch("/api/users/me", json=values, headers=person.headers)
        return answer.status_code, answer.json()

    renamed, numbered = await mine(display_name="Ben"), await mine(student_number="7")
    same = await mine(display_name="Ada Lovelace", student_number="1815", language="de")
    corrected = await change(house, admin, person, display_name="Ada King")

    assert (renamed[0], renamed[1]["pointer"]) == (403, "/display_name")
    assert (numbered[0], numbered[1]["pointer"]) == (403, "/student_number")
    assert same[0] == 200
    assert (same[1]["language"], same[1]["belongs_to_institution"]) == ("de", True)
    assert corrected == 200


async def test_two_admins_cannot_take_the_role_from_each_other(house: House) -> None:
    first, second = await house.person(Role.ADMIN), await house.person(Role.ADMIN)

    taken = await give_roles(house, first, second, "student")
    back = await give_roles(house, second, first, "student")

    assert (taken, back) == (200, 403)


async def test_keys_and_policies_of_exams_are_there_with_before_and_after(house: House) -> None:
    admin, author = await house.person(Role.ADMIN), await house.person(Role.AUTHOR)
    exams = "/api/reservations/exams"
    question = {"kind": "true_false", "question_id": str(new_id()), "text": "Round?", "answer": True}
    draft: dict[str, Any] = {
        "title": "Geography",
        "policy": {"duration": "PT1H"},
        "sections": [{"section_id": str(new_id()), "title": "One", "questions": [question]}],
    }
    made = await house.client.post(exams, json=draft, headers=author.keyed())
    assert made.status_code == 201, made.text
    path = f"{exams}/{made.json()['exam_id']}"
    other: dict[str, Any] = {**draft, "policy": {"duration": "PT2H"}}
    other["sections"] = [{**draft["sections"][0], "questions": [{**question, "answer": False}]}]
    changed = await house.client.put(path, json=other, headers={**author.headers, "If-Match": '"1"'})
    again = await house.client.put(path, json=other, headers={**author.headers, "If-Match": '"1"'})
    published = await house.client.post(f"{path}/publish", headers={**author.headers, "If-Match": '"2"'})
    seen = [await house.client.get(path, headers=author.headers) for _ in range(2)]

    found = await acts(house, admin, exam_id=made.json()["exam_id"])

    assert [answer.status_code for answer in (changed, again, published, *seen)] == [200] * 5
    assert [act["kind"] for act in found] == [
        "answer_key_seen", "exam_published", "exam_changed", "exam_created",
    ]  # fmt: skip
    change_ = found[2]
    assert change_["actor_id"] == str(author.person_id)
    key = f"question.{question['question_id']}"
    assert (change_["before"][key]["answer"], change_["after"][key]["answer"]) == (True, False)
    assert (change_["before"]["policy.duration"], change_["after"]["policy.duration"]) == ("PT1H", "PT2H")
    assert set(change_["after"]) == {key, "policy.duration", "version"}
    assert (await verification(house, admin))["broken_at"] is None


@pytest.mark.temporal
async def test_what_staff_decide_about_attempts_is_there(live: House) -> None:
    admin, student = await live.person(Role.ADMIN), await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    headers = admin.keyed()
    path = f"/api/reservations/attempts/{attempt_id}/void"

    for _ in range(2):  # the same request again is the same act
        await live.client.post(path, json={"reason": "Booked by mistake."}, headers=headers)
    found = await acts(live, admin, subject_id=attempt_id)

    (act,) = found
    assert (act["kind"], act["reason"], act["actor_id"]) == (
        "attempt_void",
        "Booked by mistake.",
        str(admin.person_id),
    )
    assert (act["before"]["phase"], act["after"]["phase"]) == ("held", "voided")


@pytest.mark.temporal
async def test_an_act_whose_api_died_before_its_answer_is_there_all_the_same(live: House) -> None:
    admin, student = await live.person(Role.ADMIN), await live.person(Role.STUDENT)
    attempt_id = UUID(await reserved(live, student))
    done, undone = (begun(admin, attempt_id, live.clock()) for _ in range(2))
    books = live.context.databases
    book = SqlIntentBook(books.users, books.reservations, books.corrections)
    for act in (done, undone):
        await book.begin(act)
    command = m.Void(
        operation_id=str(done.act_id),
        actor=m.Actor(role=ActorRole.ADMIN, person_id=admin.person_id),
        reason=done.reason,
    )
    await send(live.context, attempt_id, "void", command)  # and here the process dies

    async def rows(after: timedelta) -> list[dict[str, Any]]:
        await IntentLoop(book, lambda: live.clock() + after).step()
        return await acts(live, admin, subject_id=str(attempt_id))

    early, found, again = [await rows(timedelta(minutes=after)) for after in (0, 2, 60 * 25)]

    assert early == []
    (row,) = found
    assert again == found
    assert (row["kind"], row["reason"], row["after"]) == (
        "attempt_void", "Booked by mistake.", {"phase": "voided"},
    )  # fmt: skip
    assert list(await book.begun_before(live.clock() + timedelta(days=9))) == []


def begun(admin: Someone, attempt_id: UUID, at: datetime) -> Act:
    return Act(
        at=at,
        actor_id=admin.person_id,
        kind="attempt_void",
        subject=ActSubject.ATTEMPT,
        subject_id=attempt_id,
        reason="Booked by mistake.",
        before={"phase": "held"},
    )


async def test_slots_and_their_seats_are_there(house: House) -> None:
    admin, author = await house.person(Role.ADMIN), await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)
    starts = house.clock() + timedelta(days=1)
    body = {
        "exam_id": str(exam.exam_id),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
        "seats": 3,
    }
    headers = author.keyed()

    made, _ = [
        await house.client.post("/api/reservations/slots", json=body, headers=headers) for _ in range(2)
    ]
    seats = f"/api/reservations/slots/{made.json()['slot_id']}/seats"
    for number in (5, 5, 4):
        await house.client.put(seats, json={"seats": number}, headers=author.headers)
    found = await acts(house, admin, subject_id=made.json()["slot_id"])

    assert [act["kind"] for act in found] == ["seats_changed", "seats_changed", "slot_created"]
    assert [(act["before"], act["after"]) for act in found[:2]] == [
        ({"seats": 5}, {"seats": 4}),
        ({"seats": 3}, {"seats": 5}),
    ]
    assert found[2]["after"]["seats"] == 3
    assert {act["actor_id"] for act in found} == {str(author.person_id)}


async def test_who_tries_an_exam_out_has_seen_its_key(house: House) -> None:
    admin, author = await house.person(Role.ADMIN), await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)

    for _ in range(2):  # one look within the hour
        url = f"/api/reservations/exams/{exam.exam_id}/trial"
        assert (await house.client.post(url, json={}, headers=author.headers)).status_code == 200
    (look,) = await acts(house, admin, exam_id=str(exam.exam_id))

    assert (look["kind"], look["actor_id"]) == ("answer_key_seen", str(author.person_id))
    assert look["after"] == {"version": exam.version}


async def test_an_act_that_is_sent_again_to_what_it_has_ended_stays_in_the_log(house: House) -> None:
    admin, at, review_id = await house.person(Role.ADMIN), house.clock(), new_id()
    books = house.context.databases
    book = SqlIntentBook(books.users, books.reservations, books.corrections)
    facts: dict[str, Any] = {"actor_id": admin.person_id, "at": at, "before": {"stage": "assigned"}}
    act = Act(**facts, kind=ActKind.REVIEW_DECIDED, subject=ActSubject.REVIEW, subject_id=review_id)
    await book.begin(act)  # and the process dies while the workflow decides and ends
    await decided_by(house, admin, review_id)

    async def over() -> None:
        raise NotRunning

    with pytest.raises(NotRunning):
        await carried_out(house.context, act, over, lambda _: {})
    await IntentLoop(book, lambda: at + timedelta(minutes=2)).step()

    assert [(one["kind"], one["subject_id"]) for one in await acts(house, admin)] == [
        ("review_decided", str(review_id))
    ]


async def test_what_cannot_be_told_yet_holds_no_later_act_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.act.sql.AT_ONCE", 2)
    admin, at, decided = await house.person(Role.ADMIN), house.clock(), new_id()
    books = house.context.databases
    book = SqlIntentBook(books.users, books.reservations, books.corrections)
    of_review: dict[str, Any] = {"actor_id": admin.person_id, "subject": ActSubject.REVIEW}
    undecided = [Act(**of_review, kind=ActKind.REVIEW_DECIDED, subject_id=new_id(), at=at) for _ in range(3)]
    unreadable = Act(
        **{**of_review, "subject": ActSubject.ATTEMPT}, kind="attempt_void", subject_id=new_id(), at=at
    )
    last = Act(**of_review, kind=ActKind.REVIEW_DECIDED, subject_id=decided, at=at + timedelta(seconds=1))
    for act in (last, unreadable, *undecided):
        await book.begin(act)
    await decided_by(house, admin, decided)
    async with books.reservations.write() as session:
        facts: dict[str, Any] = {"generation": 1, "version": 1, "updated_at": at, "content": {}}
        session.add(AttemptSnapshot(attempt_id=unreadable.subject_id, **facts))

    await IntentLoop(book, lambda: at + timedelta(minutes=2)).step()
    left = [*await book.begun_before(at + timedelta(minutes=2))]
    left += await book.begun_before(at + timedelta(minutes=2), left[-1])

    assert [act["subject_id"] for act in await acts(house, admin)] == [str(decided)]
    assert {act.act_id for act in left} == {act.act_id for act in (unreadable, *undecided)}


async def decided_by(house: House, person: Someone | None, review_id: UUID) -> None:
    """The row of a review that this person decided, or that is free."""
    at, by = house.clock(), person.person_id if person else None
    async with house.context.databases.corrections.write() as session:
        session.add(
            ReviewRow(
                review_id=review_id, attempt_id=new_id(), exam_id=new_id(), kind="integrity", subject="x",
                organisation_id=DEFAULT_ORGANISATION, round_number=1, stage="decided" if by else "open",
                excluded=[], opened_at=at, remind_at=at, escalate_at=at, decided_by=by, version=1,
            )
        )  # fmt: skip


async def test_what_came_of_reviews_and_late_answers_is_found_out_too(house: House) -> None:
    admin, at = await house.person(Role.ADMIN), house.clock()
    attempt_id, decided, waiting, question = new_id(), new_id(), new_id(), new_id()
    held_by = {"before": {"stage": "assigned", "assignee_id": str(admin.person_id)}}
    mine: dict[str, Any] = {"actor_id": admin.person_id, "at": at}
    review = {**mine, "kind": ActKind.REVIEW_DECIDED, "subject": ActSubject.REVIEW}
    late = {**mine, "kind": ActKind.LATE_ANSWER_ACCEPTED, "subject": ActSubject.ATTEMPT}
    begun = [
        Act(**review, subject_id=decided),
        Act(**review, subject_id=waiting),
        Act(**{**review, "before": {"stage": "decided"}}, subject_id=decided),
        Act(**{**review, "kind": ActKind.REVIEW_GIVEN_BACK, **held_by}, subject_id=waiting),
        Act(**{**review, "kind": ActKind.REVIEW_GIVEN_BACK, "before": {"stage": "open"}}, subject_id=waiting),
        Act(**late, subject_id=attempt_id, after={"question_id": str(question)}),
        Act(**late, subject_id=attempt_id, after={"question_id": str(new_id())}),
    ]
    books = house.context.databases
    book = SqlIntentBook(books.users, books.reservations, books.corrections)
    for act in begun:
        await book.begin(act)
    for review_id, by in ((decided, admin), (waiting, None)):
        await decided_by(house, by, review_id)
    async with books.corrections.write() as session:
        session.add(
            LateAnswerRow(
                attempt_id=attempt_id, question_id=question, epoch=1, revision=1, answered_at=at, received_at=at,
                accepted_by=admin.person_id, accepted_at=at,
            )
        )  # fmt: skip

    for after in (2, 3, 60 * 25):
        await IntentLoop(book, lambda after=after: house.clock() + timedelta(minutes=after)).step()  # type: ignore[misc]
    found = await acts(house, admin)

    assert {(act["kind"], act["subject_id"]) for act in found} == {
        ("review_decided", str(decided)), ("review_given_back", str(waiting)),
        ("late_answer_accepted", str(attempt_id)),
    }  # fmt: skip
    assert len(found) == 3
    assert list(await book.begun_before(house.clock() + timedelta(days=9))) == []
