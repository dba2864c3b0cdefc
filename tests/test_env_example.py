"""`.env.example` lists every setting, knows no other, and gives each its default."""

import os
import re
from pathlib import Path

import pytest

from schema.settings import Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"
ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]*)=", re.MULTILINE)


def fields() -> set[str]:
    return {name.upper() for name in Settings.model_fields}


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in fields() & {name.upper() for name in os.environ}:
        monkeypatch.delenv(name, raising=False)


def test_every_setting_is_listed_once_and_no_other() -> None:
    listed = ASSIGNMENT.findall(EXAMPLE.read_text(encoding="utf-8"))

    assert sorted(listed) == sorted(fields())


@pytest.mark.usefixtures("bare_environment")
def test_the_example_is_the_defaults() -> None:
    example = Settings(_env_file=EXAMPLE)

    assert example == Settings(_env_file=None)
