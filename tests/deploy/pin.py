"""The version that the repository pins for what an image holds."""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path


def pinned_tag(image: str, root: Path) -> str | None:
    """The tag, or its beginning; None where nothing in the repository says which."""
    pins: dict[str, Callable[[], str]] = {
        "apache/kafka": lambda: _of_pom(root, "kafka", "kafka_2.13"),
        "apache/hadoop": lambda: _of_pom(root, "hdfs", "hadoop-hdfs"),
        "apache/spark": lambda: f"{_of_lock(root, 'spark', 'pyspark')}-scala2.13-java17",
        "apache/airflow": lambda: f"{_of_lock(root, 'airflow', 'apache-airflow')}-python3.11",
        "temporalio/server": lambda: _embedded_temporal()["Server"],
        "temporalio/admin-tools": lambda: _embedded_temporal()["Server"],
        "temporalio/ui": lambda: _embedded_temporal()["UI"],
        "python": lambda: "3.11.",  # which the locks are made for
    }
    return pins[image]() if image in pins else None


def _of_pom(root: Path, engine: str, artifact: str) -> str:
    text = (root / "workers" / "stack" / "config" / engine / "pom.xml").read_text(encoding="utf-8")
    found = re.search(rf"<artifactId>{re.escape(artifact)}</artifactId>\s*<version>([^<]+)</version>", text)
    assert found, f"the POM of {engine} names no {artifact}"
    return found[1]


def _of_lock(root: Path, group: str, package: str) -> str:
    text = (root / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(package)}==([^\s\\]+)", text, re.MULTILINE)
    assert found, f"requirements/{group}.txt names no {package}"
    return found[1]


@cache
def _embedded_temporal() -> dict[str, str]:
    """The versions of the dev server that embedded installations and the tests run."""
    program = Path(sys.executable).with_name("temporal")
    said = subprocess.run((program, "--version"), capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"(Server|UI) ([0-9.]+)", said))
