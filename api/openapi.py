"""The OpenAPI document: names, security and problem answers of every operation, taken from the routes themselves."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from api.errors import MEDIA_TYPE, Problem
from api.security import ACCESS_COOKIE, Anyone, InternalOnly, PeopleOnly, anyone, declared_accesses

router = APIRouter(tags=["operation"])

SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "For clients: `Authorization: Bearer <access_token>` from `POST /api/users/sessions`.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": ACCESS_COOKIE,
        "description": "For browsers: HttpOnly, SameSite=Strict; unsafe methods need the Origin of this site.",
    },
    "internal": {"type": "http", "scheme": "bearer", "description": "The product's own processes."},
}
DESCRIPTION = """Every exam attempt is a durable workflow; these are its doors.

Errors are problem documents (RFC 9457). Lists come in pages: send `next_cursor` back as `cursor`.
Every POST that starts something takes an `Idempotency-Key`: a retry with the same key and body is one request.
Instants are ISO 8601 in UTC, durations ISO 8601 (`PT2M`), exact decimals are strings.
"""


@router.get("/api/openapi.json", include_in_schema=False, dependencies=[anyone("describes, shows no data")])
async def openapi(request: Request) -> JSONResponse:
    """This document."""
    return JSONResponse(request.app.openapi())


def operation_id(route: APIRoute) -> str:
    """`{part}_{function}`: stable, readable and unique."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def install_openapi(app: FastAPI) -> None:
    """Let the application describe itself; the document is made once, when first asked for."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    components = described.setdefault("components", {})
    components["securitySchemes"] = SCHEMES
    _, problems = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas = components.setdefault("schemas", {})
    schemas.update(problems["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for route, accesses in declared_accesses(app):
        for method in route.methods or ():
            operation = described["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _complete(operation, accesses[0])
    return described


def _complete(operation: dict[str, Any], access: object) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers["default"] = {"description": "A problem document (RFC 9457)", "content": content}
    if isinstance(access, PeopleOnly):
        operation["security"] = [{"bearer": []}, {"cookie": []}]
        answers["401"] = {"description": "Not signed in", "content": content}
        answers["403"] = {"description": "Signed in, but not allowed", "content": content}
        if access.roles:
            operation["x-roles"] = sorted(access.roles)
    elif isinstance(access, InternalOnly):
        operation["security"] = [{"internal": []}]
    elif isinstance(access, Anyone):
        operation["security"] = []
