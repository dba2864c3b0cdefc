"""The locks: pinned, hashed, saying nothing about where they were made."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parent.parent / "requirements"
GROUPS = sorted(path.stem for path in REQUIREMENTS.glob("*.in"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,]+\])?==([^\s;\\]+)", re.MULTILINE | re.IGNORECASE)


def pins(text: str) -> set[tuple[str, str]]:
    return {(name.lower().replace("_", "-"), version) for name, version in PIN.findall(text)}


@pytest.mark.parametrize("group", GROUPS)
def test_every_direct_requirement_is_pinned_and_locked(group: str) -> None:
    asked = (REQUIREMENTS / f"{group}.in").read_text()
    lines = [line for line in asked.splitlines() if line and not line.startswith(("#", "-r", "-c"))]

    assert all(PIN.match(line) for line in lines)
    assert pins(asked) <= pins((REQUIREMENTS / f"{group}.txt").read_text())


@pytest.mark.parametrize("group", GROUPS)
def test_every_locked_requirement_has_a_hash(group: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", (REQUIREMENTS / f"{group}.txt").read_text(), flags=re.MULTILINE)

    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


@pytest.mark.parametrize("path", sorted(REQUIREMENTS.iterdir()), ids=lambda path: path.name)
def test_no_address_or_machine_path_is_written_down(path: Path) -> None:
    assert re.findall(r"https?:|index-url|find-links|(?:^|\s)/\w+", path.read_text()) == []


@pytest.mark.parametrize("group", ["core", "full", "dev", "ml-reference"])
def test_an_environment_built_on_runtime_has_runtimes_versions(group: str) -> None:
    runtime = dict(pins((REQUIREMENTS / "runtime.txt").read_text()))
    other = dict(pins((REQUIREMENTS / f"{group}.txt").read_text()))

    assert {name: other[name] for name in runtime.keys() & other.keys()} == {
        name: runtime[name] for name in runtime.keys() & other.keys()
    }
