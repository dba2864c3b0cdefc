"""What is said to be tested by keyboard is: no pointer, and nothing put into a field by other means."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "e2e"
PRESSED = (
    "account",
    "admission",
    "authoring",
    "dashboards",
    "focus",
    "keyboard",
    "many",
    "people",
    "search",
    "talk",
    "waiting",
    "watching",
)
OTHER_WAYS = re.compile(
    r"\.(click|dblclick|tap|hover|fill|check|uncheck|set_checked|select_option|set_input_files)\(.*"
)


@pytest.mark.parametrize("name", PRESSED)
def test_the_flow_is_pressed_through(name: str) -> None:
    text = (HERE / f"test_{name}.py").read_text(encoding="utf-8")

    assert OTHER_WAYS.findall(text) == []
    assert not re.search(r"from tests\.e2e\.stage import .*\bsign_in\b", text), "keyboard.py has one"
