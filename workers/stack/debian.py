"""Debian packages that an engine needs: installed as root, otherwise named in a sentence."""

import os
import shutil
import subprocess
from collections.abc import Mapping

from workers.stack.engine import Say, Unprepared

SEARCHED = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def program(name: str) -> str:
    """The full path of an installed program. Raises Unprepared."""
    path = shutil.which(name, path=SEARCHED)
    if path is None:
        raise Unprepared(f"{name} is not installed")
    return path


def require(packages: Mapping[str, str], say: Say) -> None:
    """See that each program is there; `packages` maps programs to their Debian package. Raises Unprepared."""
    lacking = {package for name, package in packages.items() if not shutil.which(name, path=SEARCHED)}
    if not lacking:
        return
    command = f"apt-get install {' '.join(sorted(lacking))}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unprepared(f"programs are missing; on Debian, as root: {command}")
    say(command)
    _apt("update", "-qq")
    _apt("install", "-y", "-qq", "--no-install-recommends", *sorted(lacking))


def _apt(*arguments: str) -> None:
    # RUNLEVEL=1 keeps the packages from starting services of their own.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(
        ("apt-get", *arguments), env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unprepared(
            f"apt-get {' '.join(arguments)} failed:\n{done.stderr.strip() or done.stdout.strip()}"
        )
