"""Signing in and out: tokens rotate, reuse ends the family, cookies are safe from other sites."""

import time
from datetime import timedelta

import httpx
import jwt
import pytest

from api.token import AccessTokens, hash_of
from schema.db.tables.users import Person
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from tests.api.house import PASSWORD, House, Someone

ORIGIN = {"Origin": "http://localhost"}


async def sign_in(house: House, someone: Someone, password: str = PASSWORD) -> httpx.Response:
    body = {"email": someone.email, "password": password}
    return await house.client.post("/api/users/sessions", json=body)


async def refresh(house: House, token: str) -> httpx.Response:
    return await house.client.post("/api/users/sessions/refresh", json={"refresh_token": token})


async def me(house: House, token: str) -> httpx.Response:
    return await house.client.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})


async def test_a_session_tells_who_and_for_how_long(house: House) -> None:
    someone = await house.person(Role.STUDENT, Role.PROCTOR)

    session = (await sign_in(house, someone)).json()

    assert session["token_type"] == "Bearer"
    assert session["expires_in"] == 900
    assert session["person"]["roles"] == ["proctor", "student"]
    assert (await me(house, session["access_token"])).json()["person_id"] == str(someone.person_id)


async def test_wrong_password_and_unknown_address_get_the_same_answer(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    nobody = Someone(someone.person_id, "nobody@example.org", {})

    wrong = await sign_in(house, someone, "wrong password")
    unknown = await sign_in(house, nobody)

    assert wrong.status_code == 401
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)


async def test_both_take_as_long(house: House) -> None:
    object.__setattr__(house.context, "pace", timedelta(milliseconds=150))
    someone = await house.person(Role.STUDENT)

    for known in (someone, Someone(someone.person_id, "nobody@example.org", {})):
        began = time.monotonic()
        await sign_in(house, known, "wrong password")
        assert time.monotonic() - began >= 0.15


async def test_an_answer_that_was_lost_is_asked_for_again_and_signs_nobody_out(house: House) -> None:
    first = (await sign_in(house, await house.person(Role.STUDENT))).json()["refresh_token"]
    await refresh(house, first)  # its answer never arrived

    again = await refresh(house, first)

    assert again.status_code == 200
    assert (await refresh(house, again.json()["refresh_token"])).status_code == 200


async def test_a_refresh_token_that_is_used_after_its_successor_ends_the_family(house: House) -> None:
    first = (await sign_in(house, await house.person(Role.STUDENT))).json()["refresh_token"]
    used = (await refresh(house, first)).json()["refresh_token"]
    second = (await refresh(house, used)).json()["refresh_token"]

    reused = await refresh(house, first)

    assert reused.status_code == 401
    assert (await refresh(house, second)).status_code == 401


async def test_another_session_of_the_person_goes_on(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    stolen = (await sign_in(house, someone)).json()["refresh_token"]
    other = (await sign_in(house, someone)).json()["refresh_token"]
    await refresh(house, (await refresh(house, stolen)).json()["refresh_token"])
    await refresh(house, stolen)

    assert (await refresh(house, other)).status_code == 200


async def test_refreshing_picks_up_new_roles(house: House) -> None:
    someone, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    token = (await sign_in(house, someone)).json()["refresh_token"]
    roles = {"roles": ["student", "grader"]}
    await house.client.put(f"/api/users/people/{someone.person_id}/roles", json=roles, headers=admin.headers)

    renewed = (await refresh(house, token)).json()

    assert renewed["person"]["roles"] == ["grader", "student"]


async def test_signing_out_ends_the_session(house: House) -> None:
    token = (await sign_in(house, await house.person(Role.STUDENT))).json()["refresh_token"]

    ended = await house.client.post("/api/users/sessions/end", json={"refresh_token": token})

    assert ended.status_code == 204
    assert (await refresh(house, token)).status_code == 401


async def test_tokens_run_off(house: House) -> None:
    session = (await sign_in(house, await house.person(Role.STUDENT))).json()

    house.clock.move(timedelta(minutes=16))
    late = await me(house, session["access_token"])
    house.clock.move(timedelta(days=15))

    assert late.status_code == 401
    assert late.headers["www-authenticate"] == "Bearer"
    assert "expired" in late.json()["detail"]
    assert (await refresh(house, session["refresh_token"])).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_broken_token_is_refused(house: House, token: str) -> None:
    assert (await me(house, token)).status_code == 401


async def test_a_token_signed_by_others_or_for_others_is_refused(house: House) -> None:
    someone = await house.person(Role.ADMIN)
    foreign = AccessTokens("another secret", timedelta(minutes=15))
    roles = frozenset({Role.ADMIN})
    forged = foreign.issue(someone.person_id, DEFAULT_ORGANISATION, roles, new_id(), house.clock())
    unsigned = jwt.encode({"sub": str(someone.person_id)}, "", "none")

    assert (await me(house, forged)).status_code == 401
    assert (await me(house, unsigned)).status_code == 401


async def test_a_disabled_person_gets_no_new_token(house: House) -> None:
    someone, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    token = (await sign_in(house, someone)).json()["refresh_token"]
    change = {"is_disabled": True}
    await house.client.patch(f"/api/users/people/{someone.person_id}", json=change, headers=admin.headers)

    assert (await refresh(house, token)).status_code == 401
    assert (await sign_in(house, someone)).status_code == 401


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    answer = await sign_in(house, await house.person(Role.STUDENT))

    cookies = answer.headers.get_list("set-cookie")

    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=strict" in cookie for cookie in cookies)
    assert "Path=/api/users/sessions" in cookies[1]


async def test_a_browser_reads_with_its_cookie_and_writes_with_its_origin_only(house: House) -> None:
    await sign_in(house, await house.person(Role.STUDENT))
    change = {"display_name": "New Name"}

    read = await house.client.get("/api/users/me")
    without = await house.client.patch("/api/users/me", json=change)
    foreign = await house.client.patch(
        "/api/users/me", json=change, headers={"Origin": "http://evil.example"}
    )
    own = await house.client.patch("/api/users/me", json=change, headers=ORIGIN)

    assert read.status_code == 200
    assert (without.status_code, foreign.status_code) == (403, 403)
    assert own.json()["display_name"] == "New Name"


async def test_a_browser_refreshes_and_signs_out_by_cookie(house: House) -> None:
    await sign_in(house, await house.person(Role.STUDENT))

    foreign = await house.client.post(
        "/api/users/sessions/refresh", headers={"Origin": "http://evil.example"}
    )
    renewed = await house.client.post("/api/users/sessions/refresh", headers=ORIGIN)
    ended = await house.client.post("/api/users/sessions/end", headers=ORIGIN)

    assert (foreign.status_code, renewed.status_code, ended.status_code) == (403, 200, 204)
    assert "pw_access" not in house.client.cookies
    assert (await house.client.get("/api/users/me")).status_code == 401


async def test_changing_the_password_ends_all_sessions(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    token = (await sign_in(house, someone)).json()["refresh_token"]
    wrong = {"current": "not this one", "new": "a new long password"}
    right = {"current": PASSWORD, "new": "a new long password"}

    refused = await house.client.post("/api/users/me/password", json=wrong, headers=someone.headers)
    changed = await house.client.post("/api/users/me/password", json=right, headers=someone.headers)

    assert (refused.status_code, changed.status_code) == (403, 204)
    assert (await refresh(house, token)).status_code == 401
    assert (await sign_in(house, someone, "a new long password")).status_code == 201


async def test_secrets_are_stored_as_hashes(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    session = (await sign_in(house, someone)).json()

    async with house.context.databases.users.read() as database:
        person = await database.get_one(Person, someone.person_id)

    assert person.password_hash.startswith("$2b$")
    assert len(hash_of(session["refresh_token"])) == 64


@pytest.mark.parametrize("password", ["ä" * 100, "🔑" * 64 + "a b c d", "x1y2z3" * 42])
async def test_long_passwords_count_to_their_last_letter(house: House, password: str) -> None:
    digest = await house.context.passwords.hash(password)

    assert await house.context.passwords.matches(password, digest)
    assert not await house.context.passwords.matches(password[:-1], digest)


async def test_what_is_no_hash_opens_nothing(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    async with house.context.databases.users.write() as session:
        (await session.get_one(Person, someone.person_id)).password_hash = "disabled by an import"

    answer = await house.client.post(
        "/api/users/sessions", json={"email": someone.email, "password": PASSWORD}
    )

    assert answer.status_code == 401
