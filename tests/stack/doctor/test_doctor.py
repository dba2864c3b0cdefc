"""The doctor on the real engines: all answer, a halted member is named, a wrong password is no host that is away."""

import asyncio
from collections.abc import Mapping, Sequence

import aiomysql
import pytest
from pydantic import SecretStr

from activities.adapters.web_hdfs import WebHdfs
from schema.db.migrate import migrate
from schema.db.schemas import METADATA
from schema.settings import Settings
from tests.stack.running import RunningStack
from workers.doctor import database, event, mail, store, temporal
from workers.doctor.examination import Check, examine
from workers.doctor.finding import Finding, State
from workers.mirror import kafka_of
from workers.temporal_server import prepare_namespace

CHECKS: Mapping[str, Check] = {
    "temporal": temporal.check,
    "databases": database.check,
    "store": store.check,
    "kafka": event.check,
    "mail": mail.check,
}


def settings_of(stack: RunningStack, password: str | None = None) -> Settings:
    """All engines of the stack, each by its own setting; all three hosts of the database are named."""
    ports = stack.ports
    hosts = ",".join(f"127.0.0.1:{ports.galera_sql(node)}" for node in (1, 2, 3))
    return Settings(
        _env_file=None,
        var_dir=stack.var_dir / "doctor",
        database_url=SecretStr(
            f"mysql+aiomysql://proctorwise:{password or stack.password}@{hosts}/proctorwise_doctor_{{schema}}"
        ),
        use_local_storage=False,
        hdfs_url=f"http://127.0.0.1:{ports.web_hdfs}",
        hdfs_root="/doctor",
        kafka_bootstrap=f"127.0.0.1:{ports.kafka}",
        enable_kafka_consumer=True,
        use_mock_senders=False,
        smtp_port=ports.smtp,
        temporal_embedded=False,
        temporal_address=f"127.0.0.1:{ports.temporal}",
    )


def states(findings: Sequence[Finding], part: str) -> set[State]:
    return {finding.state for finding in findings if finding.part == part}


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    """Migrated, with topics and a namespace kept as long as the settings say."""
    settings = settings_of(stack)
    asyncio.run(prepare(stack, settings))
    migrate(settings.database_url_of)
    return settings


async def prepare(stack: RunningStack, settings: Settings) -> None:
    for schema in METADATA:
        await execute(stack, f"CREATE DATABASE IF NOT EXISTS proctorwise_doctor_{schema}")
    await kafka_of(settings).create_topics()
    await prepare_namespace(settings)


async def execute(stack: RunningStack, statement: str) -> None:
    link = await aiomysql.connect(
        host="127.0.0.1", port=stack.ports.galera_sql(1), user="proctorwise", password=stack.password
    )
    try:
        async with link.cursor() as cursor:
            await cursor.execute(statement)
    finally:
        await link.ensure_closed()


def told(findings: Sequence[Finding]) -> str:
    """What a failed assertion shows."""
    return "\n".join(f"{one.part} {one.subject}: {one.state}: {one.said}" for one in findings)


async def test_all_engines_answer(settings: Settings) -> None:
    await until_groups_are_known(settings)
    findings = await examine(settings, CHECKS)

    assert states(findings, "databases") == {State.GOOD}, told(findings)
    assert states(findings, "store") == {State.GOOD}, told(findings)
    assert states(findings, "mail") == {State.GOOD}, told(findings)
    assert State.BAD not in {finding.state for finding in findings}, told(findings)
    said = {finding.subject: finding.said for finding in findings}
    assert said["topics"].startswith("12 topics, 6 partitions, 1 copies each")
    assert said["proctorwise-lake"].endswith("events behind")
    assert said["namespace"] == "proctorwise keeps closed workflows for 90 days"


async def until_groups_are_known(settings: Settings) -> None:
    """The broker makes the place where groups are kept when it is first asked for one."""
    async with asyncio.timeout(30):
        while "nobody has read for it yet" in {finding.said for finding in await event.check(settings)}:
            await asyncio.sleep(0.3)


async def test_a_halted_node_is_named_and_the_others_say_that_one_is_missing(
    stack: RunningStack, settings: Settings
) -> None:
    stack.ask("halt", "galera-2")
    try:
        stack.wait_until("galera-2", "down")
        findings = await until_told(settings, "2 nodes")
    finally:
        stack.ask("resume", "galera-2")
        stack.wait_until("galera-2", "answers")

    first, second, third = (f"127.0.0.1:{stack.ports.galera_sql(node)}" for node in (1, 2, 3))
    found = {finding.subject: finding for finding in findings}
    assert (found[second].state, found[second].said[:18]) == (State.BAD, "it does not answer")
    assert {found[first].said, found[third].said} == {"answers; Galera is Synced, 2 nodes"}
    assert found["users"].state is State.GOOD


async def until_told(settings: Settings, words: str) -> Sequence[Finding]:
    """The databases' findings once each living node has noticed."""
    async with asyncio.timeout(30):
        while True:
            findings = await database.check(settings)
            if sum(words in finding.said for finding in findings) == 2:
                return findings
            await asyncio.sleep(0.3)


async def test_a_wrong_password_is_not_a_host_that_is_away(stack: RunningStack) -> None:
    findings = await examine(settings_of(stack, "wrong-on-purpose"), {"databases": database.check})

    hosts = [finding for finding in findings if finding.subject.startswith("127.0.0.1")]
    assert len(hosts) == 3
    assert all("refuses the account proctorwise" in finding.said for finding in hosts)
    assert all("password in DATABASE_URL" in finding.advice for finding in hosts)
    assert "wrong-on-purpose" not in told(findings)


async def test_databases_that_nobody_made_are_said_to_be_missing(stack: RunningStack) -> None:
    address = (
        settings_of(stack)
        .database_url.get_secret_value()
        .replace("proctorwise_doctor_", "proctorwise_absent_")
    )

    findings = await database.check(
        settings_of(stack).model_copy(update={"database_url": SecretStr(address)})
    )

    (users,) = [finding for finding in findings if finding.subject == "users"]
    assert "there is no database proctorwise_absent_users" in users.said
    assert "make migrate" in users.advice


async def test_a_folder_of_somebody_else_cannot_be_written(stack: RunningStack, settings: Settings) -> None:
    names = WebHdfs(settings.hdfs_url, settings.hdfs_user)
    await names.make_folder("/doctor-alone")
    stranger = settings.model_copy(update={"hdfs_user": "stranger", "hdfs_root": "/doctor-alone"})

    (trial,) = [
        finding for finding in await store.check(stranger) if finding.subject == "write, read, delete"
    ]

    assert trial.state is State.BAD
    assert "below /doctor-alone as stranger" in trial.said
