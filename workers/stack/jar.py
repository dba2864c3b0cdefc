"""Jars from Maven: pinned by a POM, compared with a committed list of hashes, kept outside the tree."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from workers.stack.debian import program, require
from workers.stack.engine import Say, Unprepared
from workers.stack.settings import StackSettings
from workers.stack.template import CONFIG

PROGRAMS = {"java": "openjdk-17-jre-headless", "mvn": "maven"}
FETCH_WITHIN = 900.0  # seconds


def jar_folder(engine: str, settings: StackSettings) -> Path:
    """Where the engine's jars are: the folder is named for the list of hashes, so another list is another folder."""
    wanted = _list_of(engine).read_bytes() if _list_of(engine).exists() else b""
    return settings.cache_dir / "jars" / f"{engine}-{hashlib.sha256(wanted).hexdigest()[:12]}"


def prepare_jars(engine: str, settings: StackSettings, say: Say) -> Path:
    """Fetch what is not there, compare what is. Raises Unprepared when a jar is not the one listed."""
    require({"java": PROGRAMS["java"]}, say)
    folder = jar_folder(engine, settings)
    if not folder.exists():
        say(f"{engine}: fetching jars to {folder}")
        fetched = _fetch(engine, folder, say)
        _compare(engine, fetched)
        fetched.rename(folder)
    _compare(engine, folder)
    return folder


def pin(engine: str, settings: StackSettings, say: Say) -> Path:
    """Fetch what the POM says now, and write the list of hashes."""
    fetched = _fetch(engine, settings.cache_dir / "jars" / f"{engine}-pin", say)
    lines = (f"{digest}  {name}\n" for name, digest in sorted(_hashes(fetched).items()))
    _list_of(engine).write_text("".join(lines), encoding="utf-8")
    shutil.rmtree(fetched)
    return _list_of(engine)


def _list_of(engine: str) -> Path:
    return CONFIG / engine / "jars.sha256"


def _fetch(engine: str, folder: Path, say: Say) -> Path:
    require(PROGRAMS, say)
    unfinished = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    command = (
        program("mvn"), "--batch-mode", "--quiet", "--strict-checksums", "--file", str(CONFIG / engine / "pom.xml"),
        "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={unfinished}",
    )  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_WITHIN, check=False)
    if done.returncode:
        raise Unprepared(
            f"Maven could not fetch the jars of {engine}:\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}"
        )
    return unfinished


def _compare(engine: str, folder: Path) -> None:
    lines = (line.split(maxsplit=1) for line in _list_of(engine).read_text(encoding="utf-8").splitlines())
    listed = {name: digest for digest, name in lines}
    found = _hashes(folder)
    if found == listed:
        return
    wrong = sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))
    raise Unprepared(
        f"jars of {engine} in {folder} differ from {_list_of(engine)}: {', '.join(wrong[:5])}"
        f"{f' and {len(wrong) - 5} more' if len(wrong) > 5 else ''}; delete that folder and start again"
    )


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: _digest(path) for path in folder.glob("*.jar")}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
