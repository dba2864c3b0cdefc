"""Registering and confirming: nobody learns who has an account, and nobody confirms with another's password."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.template.writer import TemplateWriter
from activities.ports import Mail
from api.users.pending import MOST_KEPT
from schema.db.tables.users import MailToken, PendingRegistration, Person
from schema.ids import new_id
from schema.role import Role
from tests.api.house import PASSWORD, House

FORM = {"email": "Ada@Example.org", "password": PASSWORD, "display_name": "Ada"}


async def register(house: House, **changes: object) -> httpx.Response:
    return await house.client.post("/api/users/registrations", json={**FORM, **changes})


async def confirm(house: House, token: str, password: str = PASSWORD) -> httpx.Response:
    body = {"token": token, "password": password}
    return await house.client.post("/api/users/confirmations", json=body)


async def test_a_new_account_works_once_its_address_is_confirmed(house: House) -> None:
    assert (await register(house)).status_code == 202
    early = await house.client.post(
        "/api/users/sessions", json={"email": "ada@example.org", "password": PASSWORD}
    )
    (mail,) = await house.mails()

    confirmed = await confirm(house, mail.data["token"])

    assert early.status_code == 403
    assert confirmed.status_code == 200
    assert confirmed.json()["email"] == "ada@example.org"
    assert confirmed.json()["roles"] == ["student"]
    login = await house.client.post(
        "/api/users/sessions", json={"email": "ADA@example.org", "password": PASSWORD}
    )
    assert login.status_code == 201


async def test_the_answer_is_the_same_for_a_known_address(house: House) -> None:
    someone = await house.person(Role.STUDENT)

    known = await register(house, email=someone.email, password="another password")
    unknown = await register(house)

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert await house.mails(someone.person_id) == []
    login = await house.client.post(
        "/api/users/sessions", json={"email": someone.email, "password": PASSWORD}
    )
    assert login.status_code == 201


@pytest.mark.parametrize("link", [0, 1])
async def test_a_stranger_who_registers_the_address_too_takes_nothing_away(house: House, link: int) -> None:
    """Whether the stranger came after the owner or, for the second link, the owner after the stranger."""
    await register(house)
    await register(house, password="somebody else's choice", display_name="Mallory")
    mails = await house.mails()
    token, mine = mails[link].data["token"], [PASSWORD, "somebody else's choice"][link]

    guessed = await confirm(house, token, "what neither of them chose")
    confirmed = await confirm(house, token, mine)
    again = [await confirm(house, mail.data["token"], mine) for mail in mails]
    signed_in = [
        await house.client.post("/api/users/sessions", json={"email": FORM["email"], "password": password})
        for password in (PASSWORD, "somebody else's choice")
    ]

    assert (guessed.status_code, confirmed.status_code) == (401, 200)
    assert confirmed.json()["display_name"] == ["Ada", "Mallory"][link]
    assert [one.status_code for one in again] == [422, 422]
    assert [one.status_code for one in signed_in] == ([201, 401] if link == 0 else [401, 201])
    async with house.context.databases.users.read() as session:
        assert list(await session.scalars(select(PendingRegistration))) == []


async def test_a_flood_of_registrations_pushes_the_first_one_out_no_more_than_the_last(house: House) -> None:
    for number in range(MOST_KEPT + 5):
        password = PASSWORD if number == 0 else f"a stranger's choice {number}"
        await register(house, password=password, display_name=f"Guest {number}")
    first, *_ = await house.mails()

    confirmed = await confirm(house, first.data["token"])

    assert (confirmed.status_code, confirmed.json()["display_name"]) == (200, "Guest 0")


async def test_a_stranger_who_registers_while_the_owner_confirms_sets_neither_password_nor_name(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(house)
    (mail,) = await house.mails()
    matches = house.context.passwords.matches

    async def matches_slowly(password: str, digest: str | None, lane: str = "") -> bool:
        is_right = await matches(password, digest, lane)
        await register(house, password="somebody else's choice", display_name="Mallory")
        return is_right

    monkeypatch.setattr(house.context.passwords, "matches", matches_slowly)
    confirmed = await confirm(house, mail.data["token"])
    monkeypatch.undo()

    assert (confirmed.status_code, confirmed.json()["display_name"]) == (200, "Ada")
    login = {"email": FORM["email"], "password": PASSWORD}
    assert (await house.client.post("/api/users/sessions", json=login)).status_code == 201


async def test_whoever_confirms_waits_only_behind_their_own_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for password in ("the first choice", "the second choice", PASSWORD):
        await register(house, password=password)
    token = (await house.mails())[0].data["token"]
    lanes, matches = [], house.context.passwords.matches

    async def watched(password: str, digest: str | None, lane: str = "") -> bool:
        lanes.append(lane)
        return await matches(password, digest, lane)

    monkeypatch.setattr(house.context.passwords, "matches", watched)
    confirmed = await confirm(house, token, "the first choice")

    assert confirmed.status_code == 200
    assert len(lanes) == 4
    assert len(set(lanes)) == 1
    assert "" not in lanes


async def kept(house: House) -> int:
    async with house.context.databases.users.read() as session:
        return len(list(await session.scalars(select(PendingRegistration))))


async def test_what_was_registered_for_an_address_that_nobody_confirms_goes(house: House) -> None:
    await register(house, email="never@example.org")
    house.clock.move(timedelta(days=2, seconds=1))

    await register(house)

    assert await kept(house) == 1


async def test_a_new_password_by_mail_ends_what_was_registered(house: House) -> None:
    await register(house)
    await house.client.post("/api/users/password-resets", json={"email": FORM["email"]})
    token = (await house.mails())[-1].data["token"]

    body = {"token": token, "password": "an entirely new one"}
    completed = await house.client.post("/api/users/password-resets/complete", json=body)

    assert completed.status_code == 204
    assert await kept(house) == 0


async def test_a_token_works_once(house: House) -> None:
    await register(house)
    (mail,) = await house.mails()

    first = await confirm(house, mail.data["token"])
    second = await confirm(house, mail.data["token"])

    assert (first.status_code, second.status_code) == (200, 422)


async def test_only_the_hash_of_a_token_is_stored(house: House) -> None:
    await register(house)
    (mail,) = await house.mails()

    async with house.context.databases.users.read() as session:
        hashes = list(await session.scalars(select(MailToken.token_hash)))

    assert len(hashes) == 1
    assert mail.data["token"] not in hashes
    assert mail.template == "confirm_address"


async def test_a_weak_or_broken_form_is_refused_field_by_field(house: House) -> None:
    answer = await register(house, email="no address", password="short", time_zone="Mars/Olympus", admin=True)

    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/email",
        "/password",
        "/time_zone",
        "/admin",
    }
    assert all(error["advice"] for error in answer.json()["errors"])
    async with house.context.databases.users.read() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 0


NAMES = [
    "Win money at https://evil.example",
    "evil.example",
    "a@b.example",
    "Ada\nBcc: x",
    "A\u202eda",
    "A\u200bda",
]


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_that_leads_elsewhere_is_refused_wherever_it_is_typed(house: House, name: str) -> None:
    someone, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    sheet = f'email,name\nnew@example.org,"{name}"'

    answers = [
        await register(house, display_name=name),
        await house.client.patch("/api/users/me", json={"display_name": name}, headers=someone.headers),
        await house.client.post(
            "/api/users/import", content=sheet, headers={**admin.keyed(), "Content-Type": "text/csv"}
        ),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert name not in "".join(answer.text for answer in answers)
    assert await house.mails() == []


async def test_a_mail_to_an_address_that_nobody_confirmed_carries_no_strangers_words(house: House) -> None:
    await register(house, display_name="Call Zero Nine Hundred", student_number="Win a prize")
    await house.client.post("/api/users/password-resets", json={"email": FORM["email"]})
    writer = TemplateWriter("ProctorWise <no-reply@proctorwise.example>", "http://localhost:8000")
    directory = SqlDirectory(house.context.databases.users)

    sent = [
        writer.write(
            Mail(new_id(), "<1@x.example>", mail.person_id, mail.template, mail.data, is_sent=False),
            await directory.contact(mail.person_id),
        ).as_string()
        for mail in await house.mails()
    ]

    assert len(sent) == 2
    for text in sent:
        assert "Zero" not in text
        assert "prize" not in text
        assert "Hello," in text
        assert "To: ada@example.org" in text
