"""The rule of typed numbers, case by case; `tests/e2e/test_number.py` tries the same table on the browser's rule."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schema.number.typed import Doubt, Reading, read_number

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("typed.json").read_text("utf-8"))


def told(reading: Reading) -> dict[str, Any]:
    """As the table writes it."""
    if reading.value is not None:
        return {"value": format(reading.value, "f")}
    if reading.doubt is Doubt.AMBIGUOUS:
        return {"choices": [str(choice) for choice in reading.choices]}
    return {"doubt": reading.doubt}


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["typed"]) for case in CASES])
def test_a_typed_number_means_what_the_table_says(case: dict[str, Any]) -> None:
    expected = {key: value for key, value in case.items() if key != "typed"}

    assert told(read_number(case["typed"])) == expected


@pytest.mark.parametrize("case", [case for case in CASES if "value" in case], ids=lambda case: case["value"])
def test_what_was_understood_is_understood_again(case: dict[str, Any]) -> None:
    value = read_number(case["typed"]).value

    assert value is not None
    assert read_number(str(value)).value == value
    assert read_number(format(value, "f")).value == value


def test_a_very_long_text_is_not_looked_at() -> None:
    assert read_number("1" * 100_000).doubt is Doubt.UNCLEAR
    assert read_number("1 " * 49 + "1").value in {None, Decimal(1)}
