"""The native stack comes up, every engine in it does its work, and it goes down without a trace."""

import asyncio
import mailbox
import os
import signal
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TypeVar

import aiomysql
import aiosmtplib
import hdfs
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from temporalio.client import Client

from tests.stack.running import RunningStack

T = TypeVar("T")

MEMBERS = {
    "galera-1", "galera-2", "galera-3", "kafka", "hdfs-name", "hdfs-data-1", "hdfs-data-2",
    "spark-master", "spark-worker-1", "spark-worker-2", "mail", "temporal",
    "airflow-database", "airflow-api", "airflow-scheduler", "airflow-dags",
}  # fmt: skip


async def select(stack: RunningStack, node: int, *statements: str) -> list[tuple[object, ...]]:
    """Rows of the last statement."""
    link = await aiomysql.connect(
        host="127.0.0.1",
        port=stack.ports.galera_sql(node),
        user="proctorwise",
        password=stack.password,
        autocommit=True,
    )
    try:
        async with link.cursor() as cursor:
            for statement in statements:
                await cursor.execute(statement)
            return list(await cursor.fetchall())
    finally:
        await link.ensure_closed()


async def publish(stack: RunningStack, topic: str, count: int, compression: str | None = None) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=f"127.0.0.1:{stack.ports.kafka}",
        enable_idempotence=True,
        compression_type=compression,
    ) as producer:
        sent = [await producer.send(topic, b"%d" % number, key=b"key") for number in range(count)]
        await asyncio.gather(*sent)


async def consume(stack: RunningStack, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=f"127.0.0.1:{stack.ports.kafka}", auto_offset_reset="earliest"
    ) as consumer:
        return [(await consumer.getone()).value for _ in range(count)]


def files(stack: RunningStack) -> hdfs.InsecureClient:
    return hdfs.InsecureClient(f"http://127.0.0.1:{stack.ports.web_hdfs}", user="proctorwise")


def read(stack: RunningStack, path: str) -> bytes:
    with files(stack).read(path) as reader:
        content: bytes = reader.read()
    return content


def insist(ask: Callable[[], T]) -> T:
    """What HDFS answers. A data node learns by a call that fails that the name node it spoke to was started anew."""
    for _ in range(20):
        try:
            return ask()
        except hdfs.HdfsError as error:
            if "EOFException" not in str(error):
                raise
            time.sleep(0.5)
    return ask()


def test_every_member_answers(stack: RunningStack) -> None:
    assert {name: state for name, (state, _) in stack.members().items()} == dict.fromkeys(MEMBERS, "answers")


def test_nothing_listens_beyond_this_machine(stack: RunningStack) -> None:
    assert stack.listeners() == {"127.0.0.1"}


def test_a_second_stack_in_the_same_folder_is_refused(stack: RunningStack) -> None:
    done = stack.ask("up", check=False)

    assert done.returncode == 1
    assert "already runs here" in done.stdout


@pytest.mark.parametrize("node", [1, 2, 3])
async def test_each_database_node_sees_the_whole_cluster(stack: RunningStack, node: int) -> None:
    assert await select(stack, node, "SHOW STATUS LIKE 'wsrep_cluster_size'") == [("wsrep_cluster_size", "3")]


async def test_a_row_written_at_one_node_is_read_at_another(stack: RunningStack) -> None:
    await select(
        stack, 1,
        "CREATE OR REPLACE TABLE proctorwise_users.trial (id INT PRIMARY KEY, word VARCHAR(9) UNIQUE)",
        "INSERT INTO proctorwise_users.trial VALUES (1, 'one'), (2, 'ONE')",
    )  # fmt: skip

    rows = await select(
        stack,
        3,
        "SET SESSION wsrep_sync_wait = 1",
        "SELECT id, word FROM proctorwise_users.trial ORDER BY id",
    )

    assert rows == [(1, "one"), (2, "ONE")]


async def test_a_killed_database_node_rejoins_with_what_it_missed(stack: RunningStack) -> None:
    await select(stack, 1, "CREATE OR REPLACE TABLE proctorwise_users.missed (id INT PRIMARY KEY)")
    killed = stack.pid("galera-2")

    os.kill(killed, signal.SIGKILL)
    await asyncio.sleep(3)
    await select(stack, 1, "INSERT INTO proctorwise_users.missed VALUES (7)")
    await asyncio.to_thread(stack.wait_until, "galera-2", "answers")

    assert stack.pid("galera-2") != killed
    rows = await select(
        stack, 2, "SET SESSION wsrep_sync_wait = 1", "SELECT id FROM proctorwise_users.missed"
    )
    assert rows == [(7,)]


@pytest.mark.parametrize("compression", [None, "lz4", "snappy", "zstd"])
async def test_records_come_back_in_their_order(stack: RunningStack, compression: str | None) -> None:
    topic = f"trial_{compression}"

    await publish(stack, topic, 500, compression)

    assert await consume(stack, topic, 500) == [b"%d" % number for number in range(500)]


async def test_records_outlast_an_outage_of_the_broker(stack: RunningStack) -> None:
    await publish(stack, "outage", 20)

    stack.ask("halt", "kafka")
    await asyncio.to_thread(stack.wait_until, "kafka", "down")
    stack.ask("resume", "kafka")
    await asyncio.to_thread(stack.wait_until, "kafka", "answers")

    assert await consume(stack, "outage", 20) == [b"%d" % number for number in range(20)]


def test_a_file_is_written_aside_then_named_then_read(stack: RunningStack) -> None:
    content, client = os.urandom(3_000_000), files(stack)

    client.write("/lake/raw/trial.new", content, overwrite=True)
    client.rename("/lake/raw/trial.new", "/lake/raw/trial")

    with client.read("/lake/raw/trial") as reader:
        assert reader.read() == content
    status = client.status("/lake/raw/trial")
    assert (status["length"], status["replication"], status["owner"]) == (3_000_000, 2, "proctorwise")


def test_files_outlast_a_killed_name_node(stack: RunningStack) -> None:
    files(stack).write("/lake/kept", b"kept", overwrite=True)
    killed = stack.pid("hdfs-name")

    os.kill(killed, signal.SIGKILL)
    stack.wait_until("hdfs-name", "silent")
    stack.wait_until("hdfs-name", "answers")
    stack.wait_until("hdfs-data-1", "answers")

    assert insist(lambda: read(stack, "/lake/kept")) == b"kept"


async def test_a_mail_is_kept(stack: RunningStack) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@proctorwise.example", "b@proctorwise.example", "Übung"
    mail.set_content("text")

    await aiosmtplib.send(mail, hostname="127.0.0.1", port=stack.ports.smtp)

    kept = [
        message_from_bytes(bytes(each), policy=default) for each in mailbox.Maildir(stack.var_dir / "mail")
    ]
    # The product of other tests writes here too.
    assert [str(each["To"]) for each in kept if each["Subject"] == "Übung"] == ["b@proctorwise.example"]


async def test_temporal_knows_the_namespace_of_the_product(stack: RunningStack) -> None:
    client = await Client.connect(f"127.0.0.1:{stack.ports.temporal}", namespace="proctorwise")

    assert (
        await client.count_workflows()
    ).count >= 0  # raises without the namespace; other tests may have run some


async def test_it_goes_down_without_a_trace_and_comes_up_with_its_data(stack: RunningStack) -> None:
    await select(stack, 2, "CREATE OR REPLACE TABLE proctorwise_users.stays (id INT PRIMARY KEY)")
    await publish(stack, "stays", 3)
    insist(lambda: files(stack).write("/lake/stays", b"stays", overwrite=True))

    stack.ask("down")
    left = stack.processes()
    stack.ask("up")

    assert left == []
    assert await select(stack, 3, "SELECT COUNT(*) FROM proctorwise_users.stays") == [(0,)]
    assert await consume(stack, "stays", 3) == [b"0", b"1", b"2"]
    assert insist(lambda: read(stack, "/lake/stays")) == b"stays"
