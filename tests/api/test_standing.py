"""Roles, disabling, passwords and ended sessions count with the very next request, on every route."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.security import PeopleOnly, declared_accesses
from schema.ids import new_id
from schema.role import Role
from schema.settings import Part
from tests.api.conftest import serving
from tests.api.house import PASSWORD, House, Someone
from tests.api.test_session import me, refresh, sign_in

NEW_PASSWORD = "a new long password"


def routes_for_people(app: FastAPI) -> list[tuple[str, str, frozenset[Role]]]:
    """Method, path with ids in it, and roles of each route that is for people."""
    found = []
    for route, accesses in declared_accesses(app):
        access = accesses[0]
        if isinstance(access, PeopleOnly):
            path = re.sub(r"\{[^}]*\}", lambda _: str(new_id()), route.path or "")
            found += [(method, path, access.roles) for method in sorted(route.methods or ())]
    return found


async def session_of(house: House, someone: Someone) -> dict[str, str]:
    answer = await sign_in(house, someone)
    house.client.cookies.clear()  # nothing but what a request shows itself is to count
    found: dict[str, str] = answer.json()
    return found


@asynccontextmanager
async def served(house: House, *parts: Part) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """These parts in a process of their own."""
    databases, clock = house.context.databases, house.clock
    app = create_app(house.context.settings, frozenset(parts), databases=databases, clock=clock)
    async with serving(app) as client:
        yield app, client


async def asked(client: httpx.AsyncClient, method: str, path: str, token: str) -> int:
    return (await client.request(method, path, headers={"Authorization": f"Bearer {token}"})).status_code


async def end(house: House, someone: Someone, admin: Someone, way: str, session: dict[str, str]) -> None:
    person = f"/api/users/people/{someone.person_id}"
    if way == "disabled":
        await house.client.patch(person, json={"is_disabled": True}, headers=admin.headers)
    elif way == "signed out":
        await house.client.post("/api/users/sessions/end", json={"refresh_token": session["refresh_token"]})
    elif way == "signed out by access token":
        headers = {"Authorization": f"Bearer {session['access_token']}"}
        await house.client.post("/api/users/sessions/end", headers=headers)
    elif way == "refresh token used twice":
        await refresh(house, (await refresh(house, session["refresh_token"])).json()["refresh_token"])
        await refresh(house, session["refresh_token"])
    else:
        change = {"current": PASSWORD, "new": NEW_PASSWORD}
        await house.client.post("/api/users/me/password", json=change, headers=someone.headers)


WAYS = ["disabled", "signed out", "signed out by access token", "refresh token used twice", "new password"]


@pytest.mark.parametrize("way", WAYS)
async def test_an_ended_session_ends_on_every_route(house: House, way: str) -> None:
    someone, admin = await house.person(*Role), await house.person(Role.ADMIN)
    session = await session_of(house, someone)
    assert (await me(house, session["access_token"])).status_code == 200

    await end(house, someone, admin, way, session)

    async with served(house, *Part) as (app, client):
        for method, path, _ in routes_for_people(app):
            assert await asked(client, method, path, session["access_token"]) == 401, (method, path)


async def test_a_lost_role_is_lost_on_every_route(house: House) -> None:
    someone, admin = await house.person(*Role), await house.person(Role.ADMIN)
    token = (await session_of(house, someone))["access_token"]

    changed = await house.client.put(
        f"/api/users/people/{someone.person_id}/roles", json={"roles": []}, headers=admin.headers
    )

    assert changed.status_code == 200
    for part in Part:  # each alone on its port
        async with served(house, part) as (app, client):
            for method, path, roles in routes_for_people(app):
                if roles:
                    assert await asked(client, method, path, token) == 403, (method, path)


async def test_a_new_role_counts_with_the_token_one_has(house: House) -> None:
    someone, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    token = (await session_of(house, someone))["access_token"]
    before = await asked(house.client, "GET", "/api/users/people", token)

    await house.client.put(
        f"/api/users/people/{someone.person_id}/roles", json={"roles": ["proctor"]}, headers=admin.headers
    )

    assert (before, await asked(house.client, "GET", "/api/users/people", token)) == (403, 200)


async def test_who_changes_the_password_stays_signed_in_where_they_are(house: House) -> None:
    someone = await house.person(Role.STUDENT)
    here, elsewhere = await session_of(house, someone), await session_of(house, someone)
    headers = {"Authorization": f"Bearer {here['access_token']}"}

    change = {"current": PASSWORD, "new": NEW_PASSWORD}
    await house.client.post("/api/users/me/password", json=change, headers=headers)

    assert (await me(house, here["access_token"])).status_code == 200
    assert (await refresh(house, here["refresh_token"])).status_code == 200
    assert (await me(house, elsewhere["access_token"])).status_code == 401
    assert (await refresh(house, elsewhere["refresh_token"])).status_code == 401


async def test_a_long_session_that_was_refreshed_often_goes_on(house: House) -> None:
    session = await session_of(house, await house.person(Role.STUDENT))
    for _ in range(5):
        house.clock.move(timedelta(minutes=14))
        session = (await refresh(house, session["refresh_token"])).json()

    assert (await me(house, session["access_token"])).status_code == 200
