"""From Kafka over HDFS to MariaDB on a Spark cluster: the figures are those of one process over the same events."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import create_async_engine

from activities.adapters.lake import LakeSink
from schema.database_address import one_each
from schema.db.tables.analytics import AnalyticsTable
from schema.events import Envelope
from tests.spark.event_maker import anomaly, at, ident
from tests.stack.galera.cluster import Cluster
from tests.stack.kafka.broker import Broker
from tests.stack.running import RunningStack
from tests.stack.spark.job import WITHIN, Bench
from tests.stack.spark.lake import HdfsLake
from tests.stack.spark.story import first_part, second_part
from tests.stack.spark.table import Rows, results_in, runs_in

DAY = "2026-11-18"
FOLDER = f"raw/events/anomaly_detected/{DAY.replace('-', '/')}"
STREAM = "spark-jobs/streaming/kafka_to_lake.py"
THREE_JOBS = "tests/spark/three_jobs.py"

BUSY = pytest.mark.timeout(1_800)  # on a machine that does much else; alone these tests take two minutes

Message = tuple[str, str, bytes]


def messages(events: Sequence[Envelope]) -> list[Message]:
    return [(event.type.value, str(event.attempt_id), event.model_dump_json().encode()) for event in events]


def bad_messages() -> list[Message]:
    one = first_part()[0]
    key, text = str(one.attempt_id), one.model_dump_json().encode()
    return [
        ("anomaly_detected", key, text[:-20]),
        ("anomaly_detected", "somebody else", text),
        ("exam_submitted", key, text),
        ("grading_completed", key, b"\xff\xfe"),
    ]


async def publish(broker: Broker, told: Sequence[Message]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap, enable_idempotence=True) as producer:
        await asyncio.gather(
            *[await producer.send(topic, value, key=key.encode()) for topic, key, value in told]
        )


def cut_in_the_lake() -> list[Envelope]:
    """Told in a file that lost the end of its first line, and is not written to its end."""
    return [anomaly(f"cut {number}", at(15), attempt=f"attempt {number}") for number in range(4)]


@pytest.fixture(scope="module")
def streamed(broker: Broker, lake: HdfsLake, bench: Bench) -> str:
    """The lake after a stream that was killed and began again; what the second one said."""
    settings = {"KAFKA_BOOTSTRAP": broker.bootstrap, "SPARK_LAKE_URL": lake.url}
    asyncio.run(publish(broker, [*messages(first_part()), *bad_messages()]))
    stream = bench.start(STREAM, SPARK_STREAM_BATCH="30", SPARK_STREAM_INTERVAL="PT1S", **settings)
    stream.wait_for("batch 1: ")
    stream.kill()
    asyncio.run(publish(broker, messages(second_part())))
    return bench.run(STREAM, "--available-now", **settings)


@pytest.fixture(scope="module")
def cut(lake: HdfsLake, streamed: str) -> list[Envelope]:
    """Beside the stream's files one that is damaged; the events that it still tells."""
    one, two, three, four = [event.model_dump_json() for event in cut_in_the_lake()]
    lake.write(f"{FOLDER}/events-cut.jsonl", f"{one[:120]}\n{two}\n{three}\n{four[:200]}".encode())
    return cut_in_the_lake()[1:3]


@pytest.fixture(scope="module")
def alone(bench: Bench, cut: list[Envelope]) -> dict[str, Rows]:
    """What one process makes of the same events, from the product's own files to SQLite."""
    var = bench.folder / "alone"
    address = f"sqlite+aiosqlite:///{var / 'db' / 'analytics.sqlite3'}"

    async def prepare() -> None:
        await LakeSink(var / "lake").publish([*first_part(), *second_part(), *cut])
        (var / "db").mkdir()
        engine = create_async_engine(address)
        async with engine.begin() as connection:
            await connection.run_sync(AnalyticsTable.metadata.create_all)
        await engine.dispose()

    asyncio.run(prepare())
    bench.run(THREE_JOBS, DAY, SPARK_MASTER="local[1]", VAR_DIR=str(var))
    return asyncio.run(results_in(address))


@BUSY
def test_a_killed_stream_goes_on_without_loss_or_double(streamed: str, lake: HdfsLake) -> None:
    told = Counter(str(event.event_id) for event in [*first_part(), *second_part()])

    found = Counter(event["event_id"] for event in lake.events())

    assert found == told
    assert "batch " in streamed
    assert lake.names("streaming/kafka_to_lake/aside") == []


@BUSY
def test_bad_messages_lie_in_quarantine_each_once(streamed: str, lake: HdfsLake) -> None:
    kept = [json.loads(line) for line in lake.lines("quarantine/events")]

    assert Counter(one["topic"] for one in kept) == Counter(topic for topic, _, _ in bad_messages())
    assert len({(one["topic"], one["place"]) for one in kept}) == len(bad_messages())
    assert {one["why"] for one in kept} == {
        "not one event in JSON", "its key is not its attempt", "an event of another topic", "not text in UTF-8",
    }  # fmt: skip


@BUSY
async def test_figures_of_the_cluster_are_those_of_one_process(
    bench: Bench, lake: HdfsLake, galera: Cluster, alone: dict[str, Rows]
) -> None:
    settings = {"SPARK_LAKE_URL": lake.url, "DATABASE_URL": galera.pattern()}

    await asyncio.to_thread(bench.run, THREE_JOBS, DAY, **settings)

    address = one_each(galera.addresses()("analytics"))[0]
    assert await results_in(address) == alone
    assert all(alone.values())
    runs = await runs_in(address)
    assert {job: run["lines_quarantined"] for job, run in runs.items()} == {
        "daily_anomaly_aggregation": 2,
        "weekly_grade_analytics": 0,
        "monthly_user_performance": 0,
    }
    again = Counter(
        event.event_id for event in [*first_part(), *second_part()] if event.type == "anomaly_detected"
    )
    assert runs["daily_anomaly_aggregation"]["duplicates"] == again.total() - len(again)
    kept = "\n".join(lake.lines("quarantine/daily_anomaly_aggregation"))
    assert kept.count("events-cut.jsonl") == 2


@BUSY
async def test_a_worker_killed_during_a_job_changes_no_figure(
    stack: RunningStack, bench: Bench, lake: HdfsLake, galera: Cluster, alone: dict[str, Rows]
) -> None:
    settings = {"SPARK_LAKE_URL": lake.url, "DATABASE_URL": galera.pattern((2, 3, 1))}
    address = one_each(galera.addresses()("analytics"))[1]
    before = (await runs_in(address)).get("daily_anomaly_aggregation")
    worker = stack.pid("spark-worker-1")

    job = bench.start("spark-jobs/batch/daily_anomaly_aggregation.py", DAY, **settings)
    executors = await asyncio.to_thread(executors_at_work, stack, worker)
    listeners = stack.listeners(executors)
    for process in (worker, *executors):
        os.kill(process, signal.SIGKILL)
    assert job.is_running
    ended = await asyncio.to_thread(job.wait)

    assert ended == 0, job.said[-4_000:]
    assert listeners == {"127.0.0.1"}
    assert (await results_in(address))["anomaly_day"] == alone["anomaly_day"]
    after = (await runs_in(address))["daily_anomaly_aggregation"]
    assert after["lines_quarantined"] == 2
    assert before is None or after["computed_at"] > before["computed_at"]
    await asyncio.to_thread(stack.wait_until, "spark-worker-1", "answers")


def executors_at_work(stack: RunningStack, worker: int) -> list[int]:
    """The worker's executors, as soon as one of them has a task."""
    folder = stack.var_dir / "spark" / "worker-1"
    ended = set(folder.glob("app-*"))  # the job just begun takes seconds until it has a folder here
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        logs = [path for path in folder.glob("app-*/*/stderr") if path.parents[1] not in ended]
        found = children(worker)
        if found and any("Running task" in path.read_text(errors="replace") for path in logs):
            return found
        time.sleep(0.05)
    raise AssertionError("no executor got a task")


def children(parent: int) -> list[int]:
    said = subprocess.run(
        ("ps", "-o", "pid=", "--ppid", str(parent)), capture_output=True, text=True, check=False
    )
    return [int(word) for word in said.stdout.split()]


@BUSY
def test_a_stream_ends_when_asked_and_goes_on_later(broker: Broker, bench: Bench, tmp_path: Path) -> None:
    settings = {
        "KAFKA_BOOTSTRAP": broker.bootstrap, "SPARK_LAKE_URL": tmp_path.as_uri(), "SPARK_MASTER": "local[1]",
        "SPARK_STREAM_INTERVAL": "PT1S",
    }  # fmt: skip
    asyncio.run(publish(broker, messages(first_part()[:20])))
    stream = bench.start(STREAM, **settings)
    stream.wait_for("batch 0: ")

    code = stream.end()

    assert code == 0, stream.said
    assert "ended as asked" in stream.said
    lines = [
        line for path in (tmp_path / "raw").rglob("events-*.jsonl") for line in path.read_text().splitlines()
    ]
    assert any(str(ident("attempt 0")) in line for line in lines)
    assert list(tmp_path.glob("raw/**/.*.crc")) == []
