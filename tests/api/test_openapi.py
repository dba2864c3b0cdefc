"""The OpenAPI document is whole: every reference leads somewhere, every operation says what it takes and answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.app import create_app
from schema.settings import Settings

METHODS = {"get", "put", "post", "delete", "patch"}
# These start nothing: doing them again changes nothing, with or without a key.
STATE_SETTING = {
    "POST /api/reservations/exams/{exam_id}/publish",
    "POST /api/reservations/exams/{exam_id}/withdraw",
    "POST /api/reservations/exams/{exam_id}/trial",
    "POST /api/reservations/questions/preview",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(_env_file=None)).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield f"{method.upper()} {path}", item[method]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_it_is_openapi_3_1_of_all_six_parts(document: dict[str, Any]) -> None:
    parts = {path.split("/")[2] for path in document["paths"] if path.startswith("/api/")}

    assert document["openapi"].startswith("3.1")
    assert parts >= {"reservations", "users", "monitoring", "corrections", "notifications", "analytics"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    lost = []
    for reference in set(references(document)):
        target: Any = document
        for name in reference.removeprefix("#/").split("/"):
            target = target.get(name) if isinstance(target, dict) else None
        lost += [reference] if target is None else []

    assert lost == []


def test_every_operation_has_a_name_of_its_own_a_tag_and_a_summary(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    mute = [
        where
        for where, operation in operations(document)
        if not (operation.get("tags") and operation.get("summary"))
    ]

    assert len(names) == len(set(names))
    assert mute == []


def test_every_parameter_of_a_path_is_described(document: dict[str, Any]) -> None:
    missing = [
        f"{where} {name}"
        for where, operation in operations(document)
        for name in {part[1:-1].partition(":")[0] for part in where.split("/") if part.startswith("{")}
        - {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
    ]

    assert missing == []


def test_every_operation_answers_problems_and_says_who_may_call_it(document: dict[str, Any]) -> None:
    wrong = [
        where
        for where, operation in operations(document)
        if "application/problem+json" not in operation["responses"]["default"]["content"]
        or "422" in operation["responses"]
        or "security" not in operation
    ]
    schemes = document["components"]["securitySchemes"]

    assert wrong == []
    assert set(schemes) == {"bearer", "cookie", "internal"}
    used = {name for _, operation in operations(document) for need in operation["security"] for name in need}
    assert used <= set(schemes)


def test_whatever_starts_something_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    without = [
        where
        for where, operation in operations(document)
        if where.startswith("POST /api/reservations/")
        if not any(
            one["name"] == "Idempotency-Key" and one["required"] for one in operation.get("parameters", [])
        )
    ]

    assert set(without) <= STATE_SETTING


def test_inputs_of_people_and_attempts_have_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in (
        "Registration",
        "Login",
        "NewSlot",
        "NewAttempt",
        "Because",
        "MoreTime",
        "StepDone",
        "Objection",
    ):
        required = schemas[name].get("required", [])
        assert all(schemas[name]["properties"][field].get("examples") for field in required), name


def test_a_problem_is_described(document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Problem"]

    assert {"type", "title", "status", "detail", "errors", "reference"} <= set(problem["properties"])
    assert TypeAdapter(dict[str, Any]).validate_python(problem)["type"] == "object"
