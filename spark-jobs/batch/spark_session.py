"""The Spark session of a job: in this process by default, loopback only, small; or on a cluster."""

import os
import time
from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

from batch.job_settings import JobSettings
from batch.trouble import Trouble

LOOK_EVERY = 0.2  # seconds


def open_session(name: str, settings: JobSettings, further: Mapping[str, str] | None = None) -> SparkSession:
    """A session that counts days in UTC; on a cluster, one that has somebody to work for it. Raises Trouble."""
    os.environ["SPARK_LOCAL_IP"] = settings.driver_host  # read when the JVM starts, which is below
    builder = SparkSession.builder.appName(name).master(settings.master)
    for key, value in {**_options(settings), **settings.options, **(further or {})}.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    if settings.master.startswith("spark://"):
        _await_worker(spark, settings)
    return spark


def _options(settings: JobSettings) -> dict[str, str]:
    cluster = {"spark.cores.max": str(settings.cores)} if settings.cores else {}
    return {
        "spark.driver.host": settings.driver_host,
        "spark.driver.bindAddress": settings.driver_host,
        "spark.driver.memory": settings.driver_memory,
        "spark.executor.memory": settings.executor_memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(settings.shuffle_partitions),
        # A silent name node: 3 tries of 20 seconds, not 45. One that is just restarting refuses, and is waited for.
        "spark.hadoop.ipc.client.connect.max.retries.on.timeouts": "3",
        **cluster,
    }


def _await_worker(spark: SparkSession, settings: JobSettings) -> None:
    java: Any = spark.sparkContext
    until = time.monotonic() + settings.worker_wait.total_seconds()
    while (context := java._jsc.sc()).isStopped() or context.getExecutorMemoryStatus().size() < 2:
        # The driver itself is one of them.
        if context.isStopped():
            raise Trouble(
                f"{settings.master} gave the job up: its executors do not start; the workers' logs say why"
            )
        if time.monotonic() > until:
            spark.stop()
            waited = settings.worker_wait
            raise Trouble(
                f"no worker of {settings.master} lent a core and {settings.executor_memory} within {waited}: "
                "see on the master's page whether workers are alive and free (SPARK_EXECUTOR_MEMORY, SPARK_WORKER_WAIT)"
            )
        time.sleep(LOOK_EVERY)
