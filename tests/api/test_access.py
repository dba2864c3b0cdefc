"""Every route of every part: it says who may call it, and nobody else can."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, RouteContext

from api.app import create_app
from api.part import ALL_PARTS, LoadedPart, load_part
from api.password import Passwords
from api.security import (
    Access,
    Anyone,
    InternalOnly,
    PeopleOnly,
    check_declarations,
    declared_accesses,
)
from schema.db.session import Databases
from schema.ids import new_id
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.conftest import serving
from tests.api.house import House, MovableClock


@pytest.fixture
def whole(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    return create_app(
        settings,
        ALL_PARTS,
        databases=databases,
        passwords=Passwords(rounds=4),
        clock=clock,
        pace=timedelta(0),
    )


@pytest.fixture
async def palace(whole: FastAPI, clock: MovableClock) -> AsyncIterator[House]:
    async with serving(whole) as client:
        yield House(client, whole.state.context, clock)


def http_routes(app: FastAPI) -> Iterator[tuple[RouteContext, Access, str]]:
    for route, (access,) in declared_accesses(app):
        if isinstance(route.original_route, APIRoute):
            for method in route.methods or ():
                yield route, access, method


async def call(
    house: House, route: RouteContext, method: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    path = re.sub(r"\{[^}]*\}", lambda _: str(new_id()), route.path or "")
    return await house.client.request(method, path, headers=headers)


def refuses(answer: httpx.Response) -> bool:
    """The role is not enough; what comes after that (unknown ids, missing fields) is another matter."""
    return answer.status_code == 403


async def test_without_signing_in_only_public_routes_answer(whole: FastAPI, palace: House) -> None:
    wrong = [
        f"{method} {route.path}: {answer.status_code}"
        for route, access, method in http_routes(whole)
        if not isinstance(access, InternalOnly) or not access.loopback
        for answer in [await call(palace, route, method)]
        if (answer.status_code in {401, 403}) is isinstance(access, Anyone)
        and "refresh" not in str(route.path)
    ]

    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_opens_its_routes_and_no_others(whole: FastAPI, palace: House, role: Role) -> None:
    someone = await palace.person(role)
    wrong = []
    for route, access, method in http_routes(whole):
        if isinstance(access, PeopleOnly):
            answer = await call(palace, route, method, someone.headers)
            if refuses(answer) is (not access.roles or role in access.roles) or answer.status_code >= 500:
                wrong.append(f"{method} {route.path} by {role}: {answer.status_code} {answer.text}")

    assert wrong == []


async def test_internal_routes_want_the_internal_token(whole: FastAPI, palace: House) -> None:
    admin = await palace.person(Role.ADMIN)
    internal = [
        (route, method)
        for route, access, method in http_routes(whole)
        if isinstance(access, InternalOnly) and not access.loopback
    ]

    answers = [await call(palace, route, method, admin.headers) for route, method in internal]

    assert internal
    assert {answer.status_code for answer in answers} == {401}


async def test_counters_are_for_this_machine_and_the_token(palace: House) -> None:
    token = palace.context.settings.internal_token.get_secret_value()
    proxied = {"X-Forwarded-For": "203.0.113.9"}

    direct = await palace.client.get("/metrics")
    through_proxy = await palace.client.get("/metrics", headers=proxied)
    with_token = await palace.client.get("/metrics", headers={**proxied, "Authorization": f"Bearer {token}"})

    assert (direct.status_code, through_proxy.status_code, with_token.status_code) == (200, 401, 200)
    assert "proctorwise_http_requests_total" in with_token.text


def test_an_undeclared_route_keeps_the_application_from_starting(whole: FastAPI) -> None:
    @whole.get("/open")
    async def open_to_all() -> str:
        return "oops"

    with pytest.raises(RuntimeError, match="/open"):
        check_declarations(whole)


def test_every_part_loads_alone(settings: Settings) -> None:
    for part in Part:
        loaded = load_part(part)
        assert isinstance(loaded, LoadedPart)
        assert isinstance(loaded.router, APIRouter)
        routes = [route for route, _ in declared_accesses(create_app(settings, frozenset({part})))]
        assert any(str(route.path).startswith(f"/api/{part}") for route in routes)
