"""A broker of these tests' own, a lake of their own in the stack's HDFS, a database of their own in its Galera."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from activities.adapters.kafka import Kafka
from schema.database_address import one_each
from schema.db.tables.analytics import AnalyticsTable
from tests.stack.galera.cluster import Cluster
from tests.stack.kafka.broker import Broker
from tests.stack.running import RunningStack
from tests.stack.spark.job import Bench
from tests.stack.spark.lake import HdfsLake


@pytest.fixture(scope="module")
def broker(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    started = Broker(tmp_path_factory.mktemp("kafka"))
    try:
        started.start()
        asyncio.run(Kafka(started.bootstrap, partitions=3).create_topics())
        yield started
    finally:
        started.kill()


@pytest.fixture(scope="module")
def lake(stack: RunningStack) -> HdfsLake:
    return HdfsLake(stack.ports, f"/spark-{os.getpid()}")


@pytest.fixture(scope="module")
def galera(stack: RunningStack) -> Iterator[Cluster]:
    cluster = Cluster(stack, f"spark{os.getpid()}")
    asyncio.run(_make(cluster))
    yield cluster
    asyncio.run(cluster.drop())


async def _make(cluster: Cluster) -> None:
    await cluster.make()
    engine = create_async_engine(one_each(cluster.addresses()("analytics"))[0])
    async with engine.begin() as connection:
        await connection.run_sync(AnalyticsTable.metadata.create_all)
    await engine.dispose()


@pytest.fixture(scope="session")
def jars() -> str:
    command = (sys.executable, "-m", "workers", "stack", "jars", "spark")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def bench(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory, jars: str) -> Bench:
    """Jobs on the cluster, with small executors."""
    folder = tmp_path_factory.mktemp("jobs")
    return Bench(
        folder,
        {
            "VAR_DIR": str(folder / "var"),
            "SPARK_MASTER": f"spark://127.0.0.1:{stack.ports.spark_master}",
            "SPARK_EXECUTOR_MEMORY": "512m",
            "SPARK_KAFKA_JARS": jars,
        },
    )
