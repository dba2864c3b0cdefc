"""Says what is wrong with each field of an input and what to do about it, without repeating the input."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from schema.input.word import words_for
from schema.name import is_shown

MOST_SAID = 3
LONGEST = 300
DEEPEST = 12  # parts of a pointer

Place = Literal["body", "query", "path", "header", "cookie"]


class FieldProblem(BaseModel):
    """One wrong field. `pointer` is a JSON pointer (RFC 6901) into the body, or `/name` of a parameter."""

    model_config = ConfigDict(populate_by_name=True)

    place: Place = Field("body", alias="in")
    pointer: str = Field(examples=["/slot_id"])
    problem: str = Field(examples=["this is missing"])
    advice: str = Field(examples=["add it"])


def field_problems(errors: Sequence[Any], body: Any = None) -> list[FieldProblem]:
    """One entry per error of pydantic's list.

    With the parsed body, pointers leave out the names of kinds that pydantic puts in between.
    """
    return [_field_problem(error, body) for error in errors]


def in_a_sentence(problems: Sequence[Mapping[str, Any]]) -> str:
    """The first of them for a screen that shows one sentence, each with the name of its field."""
    said = (f"{_name(one['pointer'])}{one['problem']}; {one['advice']}" for one in problems[:MOST_SAID])
    return ". ".join(dict.fromkeys(said))


def _name(pointer: str) -> str:
    words = [part for part in pointer.split("/") if part and not part.isdecimal()]
    return f"{words[-1].removesuffix('_id').replace('_', ' ').replace('-', ' ')}: " if words else ""


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
    pointer = "".join("/" + cut(part, 60).replace("~", "~0").replace("/", "~1") for part in path[:DEEPEST])
    problem, advice = words_for(kind, error.get("ctx", {}))
    return FieldProblem(
        place=cast(Place, place), pointer=pointer, problem=cut(problem, LONGEST), advice=cut(advice, LONGEST)
    )


def cut(text: str, longest: int) -> str:
    """At most so many characters, without any that steer a terminal or the direction of writing."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(letter if is_shown(letter) else "�" for letter in short)


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
