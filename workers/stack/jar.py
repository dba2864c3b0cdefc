"""Jars from Maven: pinned by a POM, compared with a committed list of hashes, kept outside the tree."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from workers.stack.debian import program, require
from workers.stack.engine import Say, Unprepared
from workers.stack.settings import StackSettings
from workers.stack.template import CONFIG

PROGRAMS = {"java": "openjdk-17-jre-headless", "mvn": "maven"}
FETCH_WITHIN = 900.0  # seconds


class Jars:
    """The jars of one engine. `config` holds a folder per engine with its `pom.xml` and `jars.sha256`."""

    def __init__(self, engine: str, settings: StackSettings, config: Path = CONFIG) -> None:
        self._engine = engine
        self._pom = config / engine / "pom.xml"
        self._list = config / engine / "jars.sha256"
        self._cache = settings.cache_dir / "jars"

    @property
    def folder(self) -> Path:
        """Named for the list of hashes, so that another list is another folder."""
        wanted = self._list.read_bytes()
        return self._cache / f"{self._engine}-{hashlib.sha256(wanted).hexdigest()[:12]}"

    def prepare(self, say: Say) -> None:
        """Fetch what is not there, compare what is. Raises Unprepared when a jar is not the one listed."""
        require({"java": PROGRAMS["java"]}, say)
        if not self.folder.exists():
            say(f"{self._engine}: fetching jars to {self.folder}")
            fetched = self._fetch(say)
            self._compare(fetched)
            fetched.rename(self.folder)
        self._compare(self.folder)

    def pin(self, say: Say) -> Path:
        """Fetch what the POM says now, and write the list of hashes."""
        fetched = self._fetch(say)
        lines = (f"{digest}  {name}\n" for name, digest in sorted(_hashes(fetched).items()))
        self._list.write_text("".join(lines), encoding="utf-8")
        shutil.rmtree(fetched)
        return self._list

    def _fetch(self, say: Say) -> Path:
        require(PROGRAMS, say)
        self._cache.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(prefix=f"{self._engine}.", dir=self._cache))
        command = (
            program("mvn"), "--batch-mode", "--quiet", "--strict-checksums", "--file", str(self._pom),
            "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={target}",
        )  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_WITHIN, check=False)
        if done.returncode:
            shutil.rmtree(target)
            said = f"{done.stdout}{done.stderr}".strip()[-2_000:]
            raise Unprepared(f"Maven could not fetch the jars of {self._engine}:\n{said}")
        return target

    def _compare(self, folder: Path) -> None:
        lines = (line.split(maxsplit=1) for line in self._list.read_text(encoding="utf-8").splitlines())
        listed = {name: digest for digest, name in lines}
        found = _hashes(folder)
        wrong = sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))
        if wrong:
            more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
            raise Unprepared(
                f"jars of {self._engine} in {folder} differ from {self._list}: {', '.join(wrong[:5])}{more}; "
                "delete that folder and start again"
            )


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: _digest(path) for path in folder.glob("*.jar")}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
