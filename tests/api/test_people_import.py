"""Importing people: a preview that does nothing, then everything or nothing, once, with a mail for who is new."""

from typing import Any

import httpx
import pytest

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

IMPORT = "/api/users/import"
PEOPLE = "/api/users/people"
TWO = (
    "email,name,roles,cohort,time_factor,time_factor_reason\n"
    "Ada@Example.org,Ada Lovelace,,Physics 2027,1.25,Decision 7\n"
    'grace@example.org,"Hopper, Grace",proctor grader,,,\n'
)


async def send(
    house: House, admin: Someone, text: str | bytes, *, preview: bool = False, key: str | None = None
) -> httpx.Response:
    return await house.client.post(
        IMPORT,
        params={"preview": preview},
        content=text,
        headers={**admin.keyed(key), "Content-Type": "text/csv"},
    )


async def counts(answer: httpx.Response) -> tuple[int, int, int, int]:
    assert answer.status_code == 200, answer.text
    report = answer.json()
    return report["created"], report["changed"], report["unchanged"], report["refused"]


async def person(house: House, admin: Someone, email: str) -> dict[str, Any] | None:
    answer = await house.client.get(PEOPLE, params={"search": email}, headers=admin.headers)
    return next(iter(answer.json()["items"]), None)


async def complaints(house: House, admin: Someone, text: str) -> list[tuple[int, str, str]]:
    answer = await send(house, admin, text, preview=True)
    assert answer.status_code == 200, answer.text
    return [(one["line"], one["column"], one["kind"]) for one in answer.json()["problems"]]


async def test_a_preview_tells_and_does_nothing(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await send(house, admin, TWO, preview=True)

    assert await counts(answer) == (2, 0, 0, 0)
    first, second = answer.json()["rows"]
    assert (first["line"], first["email"], first["action"]) == (2, "ada@example.org", "create")
    assert {one["column"]: one["after"] for one in first["changes"]} == {
        "name": "Ada Lovelace",
        "roles": "student",
        "cohort": "Physics 2027",
        "time_factor": "1.25",
    }
    assert second["name"] == "Hopper, Grace"
    assert await person(house, admin, "ada@example.org") is None
    assert await house.mails() == []


async def test_new_people_get_an_account_a_reason_and_a_mail(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await send(house, admin, TWO)

    assert await counts(answer) == (2, 0, 0, 0)
    assert answer.json()["rows"] == []
    ada, grace = await person(house, admin, "ada@"), await person(house, admin, "grace@")
    assert ada is not None
    assert grace is not None
    assert (ada["roles"], ada["cohort"], ada["duration_factor"]) == (["student"], "Physics 2027", "1.25")
    assert (sorted(grace["roles"]), grace["is_confirmed"]) == (["grader", "proctor"], False)
    extra = await house.client.get(f"{PEOPLE}/{ada['person_id']}/extra-time", headers=admin.headers)
    assert [(one["reason"], one["set_by"]) for one in extra.json()["items"]] == [
        ("Decision 7", str(admin.person_id))
    ]
    mails = await house.mails()
    assert sorted(str(mail.person_id) for mail in mails) == sorted([ada["person_id"], grace["person_id"]])
    assert {mail.template for mail in mails} == {"invited"}


async def test_the_mailed_link_chooses_the_password_once(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    await send(house, admin, TWO)
    grace = await person(house, admin, "grace@")
    assert grace is not None
    mail = next(mail for mail in await house.mails() if str(mail.person_id) == grace["person_id"])
    body = {"token": mail.data["token"], "password": "an entirely new one"}
    login = {"email": "grace@example.org", "password": "an entirely new one"}

    before = await house.client.post("/api/users/sessions", json=login)
    done = await house.client.post("/api/users/password-resets/complete", json=body)
    again = await house.client.post("/api/users/password-resets/complete", json=body)
    session = await house.client.post("/api/users/sessions", json=login)

    assert (before.status_code, done.status_code, again.status_code) == (401, 204, 422)
    assert sorted(session.json()["person"]["roles"]) == ["grader", "proctor"]


async def test_the_same_list_again_changes_nothing_and_mails_nobody(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    first = await send(house, admin, TWO, key="one-import")

    replayed = await send(house, admin, TWO, key="one-import")
    again = await send(house, admin, TWO.replace("Physics 2027", "PHYSICS 2027"))

    assert replayed.json() == first.json()
    assert await counts(again) == (0, 0, 2, 0)
    assert len(await house.mails()) == 2


async def test_only_what_the_list_says_changes(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    await send(house, admin, TWO)

    text = "E-mail;Name;Time factor\n"
    changed = "email;student_number;time_factor;time_factor_reason\nada@example.org;1815;1,5;Decision 8\n"
    answer = await send(house, admin, changed, preview=True)
    await send(house, admin, changed)

    assert await complaints(house, admin, text) == [(1, "E-mail", "unknown_column"), (1, "email", "no_email")]
    (row,) = answer.json()["rows"]
    assert row["action"] == "change"
    assert {one["column"]: (one["before"], one["after"]) for one in row["changes"]} == {
        "student_number": ("", "1815"),
        "time_factor": ("1.25", "1.5"),
    }
    ada = await person(house, admin, "ada@")
    assert ada is not None
    assert (ada["student_number"], ada["duration_factor"], ada["cohort"]) == ("1815", "1.5", "Physics 2027")


async def test_with_one_problem_nobody_is_imported(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await send(house, admin, TWO + "no address,Eve,teacher,,0.5,\n")

    assert answer.status_code == 422
    assert [(one["line"], one["column"]) for one in answer.json()["errors"]] == [
        (4, "email"),
        (4, "roles"),
        (4, "time_factor"),
    ]
    assert all(one["problem"] and one["advice"] for one in answer.json()["errors"])
    assert await person(house, admin, "ada@") is None
    assert await house.mails() == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "", "empty")]),
        ("name\nAda\n", [(1, "email", "no_email")]),
        ("email,email,name\n", [(1, "email", "twice")]),
        ("email,name\n,Ada\n", [(2, "email", "no_address")]),
        ("email\na@example.org\n", [(2, "name", "no_name")]),
        ("email,name\na@example.org,Ada,more\n", [(2, "", "too_many_cells")]),
        ("email,name\na@example.org,A\n\nA@example.org,B\n", [(4, "email", "same_address")]),
        ('email,name\na@example.org,"A\n', [(2, "", "quotes")]),
        ('email,name\na@example.org,"A\nB"\nb@example.org,\n', [(2, "name", "name"), (4, "name", "no_name")]),
        ("email,name,time_factor\na@example.org,A,2\n", [(2, "time_factor_reason", "no_reason")]),
        ("email,name,time_zone\na@example.org,A,Mars/Base\n", [(2, "time_zone", "time_zone")]),
        ("email,name,language\na@example.org,A,English\n", [(2, "language", "language")]),
        (f"email,name\na@example.org,{'A' * 101}\n", [(2, "name", "name")]),
    ],
)
async def test_each_problem_has_its_line_and_column(
    house: House, text: str, found: list[tuple[int, str, str]]
) -> None:
    admin = await house.person(Role.ADMIN)

    assert await complaints(house, admin, text) == found


async def test_admins_keep_their_own_role_and_leave_other_organisations_alone(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    stranger = await house.person(Role.STUDENT, organisation_id=new_id())

    text = f"email,name,roles\n{admin.email},Somebody,student\n{stranger.email},Them,student\n"

    assert await complaints(house, admin, text) == [(2, "roles", "own_role"), (3, "email", "taken")]


async def test_what_is_too_much_or_no_text_is_refused(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    many = "email,name\n" + "".join(f"p{number}@example.org,P\n" for number in range(1_001))
    pdf = {**admin.keyed(), "Content-Type": "application/pdf"}

    assert (await send(house, admin, many)).status_code == 413
    assert (await send(house, admin, b"email,name\n" + b"x" * 2**20)).status_code == 413
    assert (await send(house, admin, "email,name\na@b.example,Müller\n".encode("latin-1"))).status_code == 422
    assert (await house.client.post(IMPORT, content=b"%PDF", headers=pdf)).status_code == 415


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.AUTHOR, Role.STUDENT])
async def test_only_admins_import(house: House, role: Role) -> None:
    someone = await house.person(role)

    assert (await send(house, someone, TWO, preview=True)).status_code == 403
    assert (await send(house, someone, TWO)).status_code == 403
    assert (await house.client.get(f"{IMPORT}/template", headers=someone.headers)).status_code == 403


async def test_the_template_can_be_imported_as_it_is(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    template = await house.client.get(f"{IMPORT}/template", headers=admin.headers)

    assert template.headers["content-disposition"] == 'attachment; filename="people.csv"'
    assert await counts(await send(house, admin, template.content, preview=True)) == (2, 0, 0, 0)


async def test_registering_an_imported_address_leaves_what_admins_wrote(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    await send(house, admin, TWO)

    form = {"email": "ada@example.org", "password": "correct horse battery", "display_name": "Mallory"}
    await house.client.post("/api/users/registrations", json=form)

    ada = await person(house, admin, "ada@")
    assert ada is not None
    assert (ada["display_name"], ada["is_confirmed"]) == ("Ada Lovelace", False)


async def test_an_invitation_again_replaces_the_first_and_a_used_link_ends_all_others(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    await send(house, admin, TWO)
    ada = await person(house, admin, "ada@")
    assert ada is not None
    path = f"{PEOPLE}/{ada['person_id']}/invitation"
    await house.client.post("/api/users/password-resets", json={"email": "ada@example.org"})

    again = await house.client.post(path, headers=admin.keyed())
    first, reset, second = [
        mail.data["token"] for mail in await house.mails() if str(mail.person_id) == ada["person_id"]
    ]
    statuses = [
        (
            await house.client.post(
                "/api/users/password-resets/complete",
                json={"token": token, "password": "an entirely new one"},
            )
        ).status_code
        for token in (first, second, reset)
    ]
    late = await house.client.post(path, headers=admin.keyed())

    assert (again.status_code, late.status_code) == (200, 409)
    assert statuses == [422, 204, 422]
