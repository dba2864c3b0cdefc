"""Runs a job's own command in the jobs' environment, as a scheduler does, with settings of the test's."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-spark" / "bin" / "python"
WITHIN = 600.0  # seconds; a quiet machine needs a twentieth of it
# Small data: a JVM that compiles little and collects in one thread is done sooner.
TERSE = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
OPTIONS = {
    "spark.executor.extraJavaOptions": TERSE,
    "spark.hadoop.dfs.replication": "2",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # compiling costs more than running on this data
    "spark.sql.codegen.wholeStage": "false",
}


class Running:
    """A job that runs, in a group of processes of its own: the driver and its JVM."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self._out = folder / f"job-{time.monotonic_ns()}.out"
        with self._out.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=folder, env=dict(environment), stdout=out, stderr=out, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self._out.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, pattern: str) -> None:
        """Until it has said that."""
        until = time.monotonic() + WITHIN
        while not re.search(pattern, self.said):
            assert self._process.poll() is None, self.said[-4_000:]
            assert time.monotonic() < until, self.said[-4_000:]
            time.sleep(0.05)

    def kill(self) -> None:
        """By SIGKILL, driver and JVM."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> int:
        """SIGTERM to the driver, as a supervisor sends it; its exit code."""
        self._process.terminate()
        return self.wait()

    def wait(self) -> int:
        try:
            return self._process.wait(WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it does not end: {self.said[-4_000:]}") from None

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None


@dataclass(frozen=True)
class Bench:
    """`settings` are the variables that all jobs of a test get; `folder` is where they run, without a .env."""

    folder: Path
    settings: Mapping[str, str]

    def start(self, script: str, *arguments: str, **settings: str) -> Running:
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME", "LANG") if name in os.environ
        }
        environment = {
            **kept, "PYTHONPATH": f"{ROOT}:{ROOT / 'spark-jobs'}", "JAVA_TOOL_OPTIONS": TERSE,
            "SPARK_SHUFFLE_PARTITIONS": "2", "SPARK_REFRESH_DAYS": "0",
            "SPARK_OPTIONS": json.dumps(OPTIONS), **self.settings, **settings,
        }  # fmt: skip
        return Running([str(PYTHON), str(ROOT / script), *arguments], environment, self.folder)

    def run(self, script: str, *arguments: str, **settings: str) -> str:
        """What it said. Fails the test unless it ends with 0."""
        running = self.start(script, *arguments, **settings)
        assert running.wait() == 0, running.said[-6_000:]
        return running.said

    def fail(self, script: str, *arguments: str, **settings: str) -> str:
        """The last line it said; it must end with 1."""
        running = self.start(script, *arguments, **settings)
        assert running.wait() == 1, running.said[-6_000:]
        return running.said.strip().splitlines()[-1]
