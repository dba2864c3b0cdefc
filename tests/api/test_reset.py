"""Setting a new password by mail."""

from datetime import timedelta

import httpx

from schema.role import Role
from tests.api.house import PASSWORD, House

NEW = "an entirely new one"


async def ask(house: House, email: str) -> httpx.Response:
    return await house.client.post("/api/users/password-resets", json={"email": email})


async def complete(house: House, token: str) -> httpx.Response:
    body = {"token": token, "password": NEW}
    return await house.client.post("/api/users/password-resets/complete", json=body)


async def sign_in(house: House, email: str, password: str) -> int:
    body = {"email": email, "password": password}
    return (await house.client.post("/api/users/sessions", json=body)).status_code


async def test_the_mailed_link_sets_a_new_password_once(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    await ask(house, someone.email)
    (mail,) = await house.mails(someone.person_id)

    first = await complete(house, mail.data["token"])
    second = await complete(house, mail.data["token"])

    assert mail.template == "reset_password"
    assert (first.status_code, second.status_code) == (204, 422)
    assert await sign_in(house, someone.email, NEW) == 201
    assert await sign_in(house, someone.email, PASSWORD) == 401


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(house: House) -> None:
    someone = await house.person(Role.STUDENT)

    known = await ask(house, someone.email)
    unknown = await ask(house, "nobody@example.org")

    assert known.status_code == 202
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(await house.mails()) == 1


async def test_only_the_latest_link_works_and_only_for_an_hour(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    await ask(house, someone.email)
    await ask(house, someone.email)
    first, second = await house.mails(someone.person_id)

    stale = await complete(house, first.data["token"])
    house.clock.move(timedelta(minutes=61))
    late = await complete(house, second.data["token"])

    assert (stale.status_code, late.status_code) == (422, 422)


async def test_a_reset_ends_all_sessions(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    body = {"email": someone.email, "password": PASSWORD}
    session = (await house.client.post("/api/users/sessions", json=body)).json()
    await ask(house, someone.email)
    (mail,) = await house.mails(someone.person_id)

    await complete(house, mail.data["token"])
    renewed = await house.client.post(
        "/api/users/sessions/refresh", json={"refresh_token": session["refresh_token"]}
    )

    assert renewed.status_code == 401


async def test_a_confirmation_token_resets_nothing(house: House) -> None:
    form = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada"}
    await house.client.post("/api/users/registrations", json=form)
    (mail,) = await house.mails()

    assert (await complete(house, mail.data["token"])).status_code == 422
