"""Whatever wrong arrives at whichever route, the answer is in our words: no library's sentence, no id, no instant."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from schema.db.session import Databases
from schema.ids import new_id
from schema.role import Role
from schema.settings import Settings
from tests.api.conftest import serving
from tests.api.house import House, MovableClock, Someone

PARAMETER = re.compile(r"\{[^}]+\}")
FOREIGN = re.compile(
    r"Input should|should be|should have|should match|Field required|Value error|valid (string|list|dict)|pydantic"
    r"|Not Found|Method Not Allowed|Unprocessable|Traceback|Exception"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[.+\d]"
)
METHODS = ("get", "put", "post", "patch", "delete")
BODIES: tuple[Any, ...] = (None, {}, [], "text", 7, {"surplus": 1})
WRONG: tuple[Any, ...] = ("", "x" * 30_000, -1, 1e300, [], {}, None, True, [{}], {"kind": "none"})


@pytest.fixture
async def house(settings: Settings, databases: Databases, clock: MovableClock) -> AsyncIterator[House]:
    away = settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    app = create_app(away, databases=databases, clock=clock)
    async with serving(app) as client:
        yield House(client, app.state.context, clock)


def said(answer: httpx.Response) -> str:
    """Every sentence of a problem document."""
    told = answer.json()
    fields = [f"{one.get('problem', '')} {one.get('advice', '')}" for one in told.get("errors") or []]
    return " | ".join((told["title"], told["detail"], *fields))


def shape_of(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    properties: dict[str, Any] = schema.get("properties", {})
    return properties


def bodies(properties: dict[str, Any]) -> Iterator[Any]:
    yield from BODIES
    for wrong in WRONG:
        yield dict.fromkeys(properties, wrong)


def queries(operation: dict[str, Any]) -> Iterator[dict[str, str]]:
    names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    for wrong in ("", "x", "-1", "9" * 400):
        yield dict.fromkeys(names, wrong)


async def asked(house: House, who: Someone, method: str, path: str, **options: Any) -> httpx.Response:
    return await house.client.request(method, path, headers=who.keyed(), **options)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("method", METHODS)
async def test_no_route_answers_in_a_librarys_words(house: House, method: str) -> None:
    who = await house.person(*Role)
    document = (await house.client.get("/api/openapi.json")).json()
    found, answers = [], 0
    for path, item in document["paths"].items():
        if method not in item:
            continue
        wrong, unknown = PARAMETER.sub("x", path), PARAMETER.sub(str(new_id()), path)
        tries: list[dict[str, Any]] = [{"params": one} for one in queries(item[method])]
        if method != "get":
            tries += [{"json": one} for one in bodies(shape_of(document, item[method]))]
            tries.append({"content": b"{"})
        for options in tries:
            for place in dict.fromkeys((wrong, unknown)):
                answer = await asked(house, who, method, place, **options)
                is_problem = answer.headers.get("content-type") == "application/problem+json"
                answers += is_problem
                if is_problem and FOREIGN.search(said(answer)):
                    found.append(f"{method} {place} {str(options)[:80]}: {said(answer)[:300]}")
    assert found == []
    assert answers > 0 or method == "delete"
