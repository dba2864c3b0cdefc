"""Says what is wrong with each field of an input and what to do about it, without repeating the input."""

from collections.abc import Sequence
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

Place = Literal["body", "query", "path", "header", "cookie"]

ADVICE = {
    "missing": "add it",
    "extra_forbidden": "leave it out; it is not known here",
    "json_invalid": "send well-formed JSON in UTF-8",
    "string_too_short": "make it longer",
    "string_too_long": "make it shorter",
    "too_short": "add more entries",
    "too_long": "send fewer entries",
    "uuid_parsing": "send an id as you got it from this API",
    "enum": "choose one of the named values",
    "literal_error": "choose one of the named values",
    "union_tag_invalid": "choose one of the named kinds",
    "timezone_aware": "add the zone: 2026-11-22T09:00:00Z",
    "datetime_from_date_parsing": "send ISO 8601 with a zone: 2026-11-22T09:00:00Z",
    "datetime_parsing": "send ISO 8601 with a zone: 2026-11-22T09:00:00Z",
    "time_delta_parsing": "send an ISO 8601 duration: PT2M is two minutes",
    "string_pattern_mismatch": "use only the characters of the named pattern",
}
DEFAULT_ADVICE = "correct it"

# Problem and advice in our own words, where pydantic's are a programmer's; `{}` names a bound of the error.
WORDS = {
    "greater_than_equal": ("this is too small", "choose {ge} or more"),
    "greater_than": ("this is too small", "choose more than {gt}"),
    "less_than_equal": ("this is too large", "choose {le} or less"),
    "less_than": ("this is too large", "choose less than {lt}"),
    "int_parsing": ("this is no whole number", "write it in digits"),
    "int_from_float": ("this is no whole number", "leave out what stands after the point"),
    "decimal_parsing": ("this is no number", "write it in digits"),
    "float_parsing": ("this is no number", "write it in digits"),
}


class FieldProblem(BaseModel):
    """One wrong field. `pointer` is a JSON pointer (RFC 6901) into the body, or `/name` of a parameter."""

    model_config = ConfigDict(populate_by_name=True)

    place: Place = Field("body", alias="in")
    pointer: str = Field(examples=["/slot_id"])
    problem: str = Field(examples=["Field required"])
    advice: str = Field(examples=["add it"])


def field_problems(errors: Sequence[Any], body: Any = None) -> list[FieldProblem]:
    """One entry per error of pydantic's list.

    With the parsed body, pointers leave out the names of kinds that pydantic puts in between.
    """
    return [_field_problem(error, body) for error in errors]


def is_body_missing(errors: Sequence[Any]) -> bool:
    """Whether the body as a whole is not what was expected, not one of its fields."""
    return any(tuple(error["loc"]) == ("body",) for error in errors)


def _field_problem(error: dict[str, Any], body: Any) -> FieldProblem:
    place, *path = (str(part) for part in error["loc"])
    kind = str(error["type"])
    if place == "body" and body is not None:
        path = _without_tags(path, body, is_missing=kind == "missing")
    if kind == "json_invalid":
        path = []  # pydantic puts the byte's number here, which is no field
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    problem, advice = _words(kind, error)
    return FieldProblem(place=cast(Place, place), pointer=pointer, problem=problem, advice=advice)


def _words(kind: str, error: dict[str, Any]) -> tuple[str, str]:
    if kind not in WORDS:
        return str(error["msg"]), ADVICE.get(kind, DEFAULT_ADVICE)
    problem, advice = WORDS[kind]
    return problem, advice.format_map(error.get("ctx", {}))


def _without_tags(path: list[str], body: Any, *, is_missing: bool) -> list[str]:
    """The parts that lead somewhere in the body; a missing field is the last one and leads nowhere yet."""
    kept = []
    for place, part in enumerate(path):
        is_last = place == len(path) - 1
        if isinstance(body, dict) and part in body:
            body = body[part]
        elif isinstance(body, list) and part.isdecimal() and int(part) < len(body):
            body = body[int(part)]
        elif not (is_missing and is_last):
            continue
        kept.append(part)
    return kept
