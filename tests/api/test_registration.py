"""Registering and confirming: nobody learns who has an account, and nobody confirms with another's password."""

import httpx
from sqlalchemy import func, select

from schema.db.tables.users import MailToken, Person
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


async def test_only_the_latest_registrations_password_confirms(house: House) -> None:
    await register(house)
    await register(house, password="somebody else's choice")
    first, second = await house.mails()

    stale = await confirm(house, first.data["token"])
    others = await confirm(house, second.data["token"])

    assert stale.status_code == 422
    assert stale.json()["pointer"] == "/token"
    assert others.status_code == 401
    assert (await confirm(house, second.data["token"], "somebody else's choice")).status_code == 200


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
