"""Problems of fields in words that an author understands, with the bound that was missed."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core.core_schema import ErrorType

from api.field import field_problems


class Wanted(BaseModel):
    """A field of each kind that people type into."""

    seats: Annotated[int, Field(ge=1, le=500)] = 1
    by: Annotated[timedelta, Field(gt=timedelta(0), lt=timedelta(hours=8))] = timedelta(hours=1)
    points: Annotated[Decimal, Field(ge=0)] = Decimal(1)
    score: float = 1.0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("seats", 0, "this is too small; choose 1 or more"),
        ("seats", 501, "this is too large; choose 500 or less"),
        ("seats", "many", "this is no whole number; write it in digits"),
        ("seats", 1.5, "this is no whole number; leave out what stands after the point"),
        ("by", "PT0S", "this is too small; choose more than 0 seconds"),
        ("by", "PT8H", "this is too large; choose less than 8 hours"),
        ("points", "two", "this is no number; write it in digits"),
        ("score", "high", "this is no number; write it in digits"),
    ],
)
def test_a_number_out_of_its_bounds_is_told_them(name: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Wanted.model_validate({name: value})

    (found,) = field_problems([{**error, "loc": ("body", *error["loc"])} for error in raised.value.errors()])

    assert (found.pointer, f"{found.problem}; {found.advice}") == (f"/{name}", said)


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_sentence_of_the_library_is_shown(kind: str) -> None:
    error = {"type": kind, "loc": ("body", "a"), "msg": f"Input should be {kind}", "input": 1}

    (found,) = field_problems([error])

    assert "Input" not in found.problem + found.advice
    assert "_" not in found.problem + found.advice
    assert found.problem
    assert found.advice


def test_what_a_shape_of_ours_says_is_said_without_the_name_of_an_exception() -> None:
    error = {
        "type": "value_error",
        "loc": ("body",),
        "msg": "Value error, x",
        "ctx": {"error": ValueError("x is bad")},
    }

    (found,) = field_problems([error])

    assert found.problem == "x is bad"
