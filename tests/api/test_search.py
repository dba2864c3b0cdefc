"""Search of attempts: by words, by what is known, page by page, for proctors and admins of the organisation only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.users import Person
from schema.exam import Exam
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

SEARCH = "/api/reservations/attempts/search"


async def named(house: House, name: str, number: str = "") -> Someone:
    someone = await house.person(Role.STUDENT)
    async with house.context.databases.users.write() as session:
        row = await session.get_one(Person, someone.person_id)
        row.display_name, row.student_number = name, number
    return someone


async def sitting(house: House, student: Someone, exam: Exam | None = None, **columns: Any) -> UUID:
    exam = exam or await house.exam()
    house.clock.move(timedelta(seconds=1))
    return await house.attempt(student.person_id, exam, await house.slot(exam), **columns)


async def noticed(house: House, attempt_id: UUID, severity: str) -> None:
    now = house.clock()
    async with house.context.databases.monitoring.write() as session:
        session.add(
            IncidentRow(
                incident_id=new_id(),
                attempt_id=attempt_id,
                kind="face_absent",
                severity=severity,
                opening_offset=1,
                started_at=now,
                confidence=0.9,
                rule="r",
                model="m",
                created_at=now,
            )
        )


async def found(house: House, who: Someone, **wanted: Any) -> list[str]:
    answer = await house.client.get(SEARCH, params=wanted, headers=who.headers)
    assert answer.status_code == 200, answer.text
    return [one["attempt_id"] for one in answer.json()["items"]]


async def test_words_find_names_addresses_numbers_titles_and_ids(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    anna, ben = await named(house, "Anna Ärmel", "s-4711"), await named(house, "Ben Berg")
    first, second = await sitting(house, anna), await sitting(house, ben)

    async def by(q: str) -> list[str]:
        return await found(house, admin, q=q)

    assert await by("anna") == await by("ÄRMEL") == await by("ärm") == await by("s-47") == [str(first)]
    assert await by(ben.email.upper()) == [str(second)]
    assert await by(str(first)) == [str(first)]
    assert set(await by(str(first)[:6])) == {str(first), str(second)}  # ids begin with the time
    assert await by("geogra") == [str(second), str(first)]
    assert await by("geogra anna") == [str(first)]
    assert await by("anna ben") == await by("100%") == await by("_") == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ёлкина Алёна", "ЕЛКИНА алена"),
        ("Łukasz Żółć", "lukasz ZOLC"),
        ("İpek Işık", "IPEK isik"),
        ("Jürgen Groß", "JURGEN GROSS"),
        ("Σίσυφος", "ΣΙΣΥΦΟΣ"),
        ("Ｙａｍａｄａ", "yamada"),
        ("Nguye\u0302\u0303n A\u0301nh", "NGUYỄN ánh"),
        ("Siobhán O’Néill", "o'neill"),
        ("Søren Đorđević", "Soren dorđevic"),
        ("أَحمد", "احمد"),
    ],
)
async def test_case_and_accents_do_not_matter_in_any_script(house: House, name: str, typed: str) -> None:
    admin, someone, exam = await house.person(Role.ADMIN), await named(house, name), await house.exam()
    await house.person(Role.STUDENT)
    titled = await house.exam(title=name)
    first = str(await sitting(house, someone, exam))
    second = str(await sitting(house, await named(house, "Other"), titled))

    people = await house.client.get("/api/users/people", params={"search": typed}, headers=admin.headers)

    assert [person["display_name"] for person in people.json()["items"]] == [name]
    assert await found(house, admin, q=typed) == [second, first]


async def test_what_is_renamed_is_found_by_its_new_name_only(house: House) -> None:
    admin, someone = await house.person(Role.ADMIN), await named(house, "Ämilie")
    body = {"display_name": "Çağla"}
    await house.client.patch("/api/users/me", json=body, headers=someone.headers)

    async def listed(search: str) -> int:
        answer = await house.client.get("/api/users/people", params={"search": search}, headers=admin.headers)
        return len(answer.json()["items"])

    assert [await listed(search) for search in ("cagla", "amilie", "\u0308")] == [1, 0, 0]


async def test_what_is_known_narrows(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await named(house, "Anna")
    exam, other = await house.exam(), await house.exam()
    plain = str(await sitting(house, student, exam))
    held = str(
        await sitting(
            house, student, other, phase="submitted", release="released", marking="marked", is_on_hold=True
        )
    )
    late = (house.clock() + timedelta(days=3)).isoformat()

    assert await found(house, admin, phase=["submitted", "paused"]) == [held]
    assert await found(house, admin, exam_id=str(exam.exam_id)) == [plain]
    assert (
        await found(house, admin, is_on_hold=True) == await found(house, admin, release="released") == [held]
    )
    assert (
        await found(house, admin, is_on_hold=False) == await found(house, admin, marking="pending") == [plain]
    )
    assert await found(house, admin, starts_from=late) == [held]
    assert await found(house, admin, starts_before=late) == [plain]
    assert await found(house, admin, integrity="undetermined") == [held, plain]


async def test_incidents_are_counted_and_asked_for(house: House) -> None:
    proctor, student = await house.person(Role.PROCTOR), await named(house, "Anna")
    attempts = [await sitting(house, student) for _ in range(5)]
    for attempt_id, severity in ((attempts[0], "critical"), (attempts[0], "low"), (attempts[1], "technical")):
        await noticed(house, attempt_id, severity)
    await noticed(house, attempts[3], "high")

    wanted = {"has_incidents": "true", "limit": "1"}
    answer = (await house.client.get(SEARCH, params=wanted, headers=proctor.headers)).json()
    wanted["cursor"] = answer["next_cursor"]
    further = (await house.client.get(SEARCH, params=wanted, headers=proctor.headers)).json()

    assert [one["attempt_id"] for one in answer["items"]] == [str(attempts[3])]
    assert [(one["incidents"], one["critical_incidents"]) for one in further["items"]] == [(2, 1)]
    assert further["next_cursor"] is None
    without = await found(house, proctor, has_incidents="false")
    assert without == [str(attempts[place]) for place in (4, 2, 1)]


async def test_pages_neither_skip_nor_repeat(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await named(house, "Anna")
    expected = [str(await sitting(house, student)) for _ in range(5)][::-1]

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"q": "anna", "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await house.client.get(SEARCH, params=params, headers=admin.headers)).json()
        seen += [one["attempt_id"] for one in page["items"]]
        cursor = page["next_cursor"]
        await sitting(house, student)  # newer ones do not push anything onto the next page

    assert seen == expected


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STUDENT, 403), (Role.GRADER, 403), (Role.REVIEWER, 403), (Role.AUTHOR, 403), (Role.PROCTOR, 200)],
)
async def test_who_judges_blindly_may_not_search(house: House, role: Role, status: int) -> None:
    answer = await house.client.get(SEARCH, headers=(await house.person(role)).headers)

    assert answer.status_code == status


async def test_nobody_finds_their_own_or_other_organisations(house: House) -> None:
    both = await house.person(Role.STUDENT, Role.PROCTOR)
    mine = str(await sitting(house, both))
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())

    assert await found(house, both) == []
    assert await found(house, stranger) == []
    assert await found(house, await house.person(Role.ADMIN)) == [mine]


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ({"q": "a b c d e f g h i"}, "/q"),
        ({"q": "x" * 201}, "/q"),
        ({"phase": "asleep"}, "/phase/0"),
        ({"exam_id": "7"}, "/exam_id"),
        ({"starts_from": "2027-01-01T00:00:00"}, "/starts_from"),
        ({"cursor": "7"}, "/cursor"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_bad_input_is_named(house: House, wanted: dict[str, str], place: str) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await house.client.get(SEARCH, params=wanted, headers=admin.headers)

    assert answer.status_code == 422
    problem = answer.json()
    assert place in {problem.get("pointer"), *(error["pointer"] for error in problem.get("errors", []))}
