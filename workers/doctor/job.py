"""What the batch jobs need on this machine: Java 17 or newer, and the Spark environment."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from schema.settings import Settings
from workers.doctor.finding import About, Finding

JAVA = About("jobs", "Java")
SPARK = About("jobs", "Spark")
LEAST_JAVA = 17
ASK_SECONDS = 10.0
ROOT = Path(__file__).parents[2]


async def check(_settings: Settings) -> Sequence[Finding]:
    """Missing ones are no fault: the product runs without, and its dashboards say "not computed yet"."""
    return (await asyncio.to_thread(_java), _spark())


def _java() -> Finding:
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if program is None:
        return JAVA.off(
            "there is none: batch jobs cannot run here", "On Debian: apt-get install openjdk-17-jre-headless"
        )
    done = subprocess.run(
        (program, "-version"), capture_output=True, text=True, timeout=ASK_SECONDS, check=False
    )
    told = re.search(r'version "(\d+)', done.stderr + done.stdout)
    if told is None or int(told[1]) < LEAST_JAVA:
        said = f"{program} is {told[1] if told else 'no Java that says its version'}"
        return JAVA.bad(said, f"Spark needs Java {LEAST_JAVA} or newer; JAVA_HOME says which is used.")
    return JAVA.good(f"{program} is version {told[1]}")


def _spark() -> Finding:
    named = os.environ.get("PROCTORWISE_SPARK_PYTHON")
    python = Path(named) if named else ROOT / ".venv-spark" / "bin" / "python"
    version = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/pyspark"
    if not (python.parents[1] / version).is_dir():
        return SPARK.off(
            f"not installed in {python.parents[1]}: batch jobs cannot run here", "`make spark` installs it."
        )
    return SPARK.good(f"installed in {python.parents[1]}")
