"""Jars are used only when they are the ones listed."""

import hashlib
from pathlib import Path

import pytest

from workers.stack.engine import Unprepared
from workers.stack.jar import Jars
from workers.stack.settings import StackSettings
from workers.stack.template import CONFIG


@pytest.fixture
def jars(tmp_path: Path) -> Jars:
    """An engine of two jars, already fetched."""
    listed = {"one.jar": b"one", "two.jar": b"two"}
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "jars.sha256").write_text(
        "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in listed.items())
    )
    jars = Jars("engine", StackSettings(cache_dir=tmp_path / "cache"), tmp_path)
    jars.folder.mkdir(parents=True)
    for name, content in listed.items():
        (jars.folder / name).write_bytes(content)
    return jars


def say(text: str) -> None:
    raise AssertionError(text)  # nothing is fetched here


def test_listed_jars_are_taken_from_the_cache(jars: Jars) -> None:
    jars.prepare(say)

    assert sorted(path.name for path in jars.folder.iterdir()) == ["one.jar", "two.jar"]


def test_a_changed_jar_is_refused(jars: Jars) -> None:
    (jars.folder / "two.jar").write_bytes(b"three")

    with pytest.raises(Unprepared, match=r"differ.*two\.jar.*delete that folder"):
        jars.prepare(say)


@pytest.mark.parametrize("change", ["missing", "added"])
def test_a_jar_too_few_or_too_many_is_refused(jars: Jars, change: str) -> None:
    folder = jars.folder
    (folder / "one.jar").unlink() if change == "missing" else (folder / "three.jar").write_bytes(b"three")

    with pytest.raises(Unprepared, match=r"(one|three)\.jar"):
        jars.prepare(say)


@pytest.mark.parametrize("engine", ["kafka", "hdfs"])
def test_every_jar_of_an_engine_is_listed_with_a_hash(engine: str) -> None:
    lines = (CONFIG / engine / "jars.sha256").read_text().splitlines()

    assert lines
    assert all(len(line.split()[0]) == 64 and line.endswith(".jar") for line in lines)
