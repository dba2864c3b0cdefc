"""Spark's batch jobs as `make jobs` runs them: in their own environment, over the product's settings."""

import asyncio
import os
from datetime import date

from schema.settings import Settings
from tests.product.product import PROJECT, environment_of
from tests.stack.running import RunningStack
from workers.stack.hdfs import USER

PYTHON = PROJECT / ".venv-spark" / "bin" / "python"
QUICK_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


async def run_job(stack: RunningStack, name: str, day: date, settings: Settings) -> None:
    """Run a job for a day, or the week it is in. Fails with what it said."""
    told = {
        "SPARK_LAKE_URL": f"hdfs://127.0.0.1:{stack.ports.name_node}{settings.hdfs_root}",
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in (PROJECT, PROJECT / "spark-jobs")),
        "HADOOP_USER_NAME": USER,
        "JAVA_TOOL_OPTIONS": QUICK_JVM,
    }
    process = await asyncio.create_subprocess_exec(
        *(str(PYTHON), f"spark-jobs/batch/{name}.py", day.isoformat()),
        cwd=PROJECT,
        env={**os.environ, **environment_of(settings), **told},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode(errors="replace")
    assert process.returncode == 0, said
