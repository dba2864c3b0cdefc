"""`.env.example` lists every setting, the Spark jobs' own too, knows no other, and gives each its default."""

import importlib
import os
import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from schema.settings import Settings

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"
ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]*)=", re.MULTILINE)


@pytest.fixture
def job_settings(monkeypatch: pytest.MonkeyPatch) -> type[BaseSettings]:
    """The class of the Spark jobs, whose folder is no package of ours."""
    monkeypatch.syspath_prepend(str(ROOT / "spark-jobs"))
    found: type[BaseSettings] = importlib.import_module("batch.job_settings").JobSettings
    return found


@pytest.fixture
def names(job_settings: type[BaseSettings]) -> set[str]:
    product = {name.upper() for name in Settings.model_fields}
    return product | {f"SPARK_{name.upper()}" for name in job_settings.model_fields}


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, names: set[str]) -> None:
    for name in names & {name.upper() for name in os.environ}:
        monkeypatch.delenv(name, raising=False)


def test_every_setting_is_listed_once_and_no_other(names: set[str]) -> None:
    listed = ASSIGNMENT.findall(EXAMPLE.read_text(encoding="utf-8"))

    assert sorted(listed) == sorted(names)


@pytest.mark.usefixtures("bare_environment")
def test_the_example_is_the_defaults() -> None:
    example = Settings(_env_file=EXAMPLE)

    assert example == Settings(_env_file=None)


@pytest.mark.usefixtures("bare_environment")
def test_the_example_is_the_defaults_of_the_jobs(job_settings: type[BaseSettings]) -> None:
    assert job_settings(_env_file=EXAMPLE) == job_settings(_env_file=None)
