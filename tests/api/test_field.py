"""Problems of fields in words that an author understands, with the bound that was missed."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

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
