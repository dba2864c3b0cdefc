"""The doctor on the embedded defaults and on what is really broken: in words, in time, without a secret."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from temporalio import activity
from temporalio.worker import Worker

from schema.db.migrate import migrate
from schema.queue import Queue
from schema.settings import Settings
from tests.workflows.server import development
from workers.doctor import database, detection, event, machine, mail, store, temporal
from workers.doctor.command import polls_here
from workers.doctor.examination import examine
from workers.doctor.finding import About, Finding, State

PASSWORD = "in-no-message-whatever"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def nowhere() -> str:
    """An address of this machine where nobody listens."""
    return f"127.0.0.1:{closed_port()}"


@pytest.fixture
def settings(tmp_path: Path, nowhere: str) -> Settings:
    """The defaults, in a folder and at ports of their own."""
    return Settings(
        _env_file=None,
        var_dir=tmp_path / "var",
        temporal_address=nowhere,
        public_url=f"http://{nowhere}",
        internal_api_url=f"http://{nowhere}",
    )


def changed(settings: Settings, **changes: Any) -> Settings:
    return Settings(_env_file=None, **{**settings.model_dump(), **changes})


def one(findings: Sequence[Finding], subject: str) -> Finding:
    return next(finding for finding in findings if finding.subject == subject)


# --- All is well ------------------------------------------------------------------------------------


async def test_on_the_embedded_defaults_nothing_is_bad(settings: Settings) -> None:
    await asyncio.to_thread(migrate, settings.database_url_of)

    findings = await examine(settings)

    assert [finding for finding in findings if finding.state is State.BAD] == []
    assert {finding.part for finding in findings} == {
        "settings", "machine", "temporal", "databases", "workflows", "service", "store", "kafka",
        "mail", "detection", "jobs",
    }  # fmt: skip


async def test_a_running_server_with_its_namespace_is_good(settings: Settings) -> None:
    async with development() as server:
        address = server.client.service_client.config.target_host
        there = changed(
            settings, temporal_address=address, temporal_namespace="default", temporal_embedded=False
        )

        findings = await temporal.check(there)

    assert one(findings, "server").state is State.GOOD
    assert one(findings, "search attributes").state is State.GOOD
    assert one(findings, "namespace").said == "default keeps closed workflows for 1 days, the settings say 90"
    assert one(findings, "proctor-ml").said == "nobody works on it"


@activity.defn
async def nothing() -> None:
    """So that a worker has something to poll for."""


async def test_a_worker_on_this_machine_is_known_by_its_queue(settings: Settings) -> None:
    async with development() as server:
        address = server.client.service_client.config.target_host
        there = changed(settings, temporal_address=address, temporal_namespace="default")
        alone = await polls_here(there, Queue.IO)
        name = f"1@{socket.gethostname()}"
        async with Worker(server.client, task_queue=Queue.IO, activities=[nothing], identity=name):
            async with asyncio.timeout(60):
                while not await polls_here(there, Queue.IO):
                    await asyncio.sleep(0.1)
            elsewhere = await polls_here(there, Queue.ML)

    assert (alone, elsewhere) == (False, False)
    assert not await polls_here(settings, Queue.IO)


# --- What is broken ---------------------------------------------------------------------------------


async def test_a_database_host_that_does_not_answer(settings: Settings, nowhere: str) -> None:
    url = f"mysql+aiomysql://someone:{PASSWORD}@{nowhere}/{{schema}}?charset=utf8mb4"

    findings = await database.check(changed(settings, database_url=url))

    assert one(findings, nowhere).state is State.BAD
    assert "does not answer" in one(findings, nowhere).said
    assert one(findings, "users").said == "not looked at: no host answers"


async def test_a_schema_that_was_never_migrated(settings: Settings) -> None:
    findings = await database.check(settings)

    assert one(findings, "users").state is State.BAD
    assert "there is no" in one(findings, "users").said
    assert one(findings, "users").advice == "Run `make migrate`."
    assert not (settings.var_dir / "db").exists()


async def test_a_schema_at_an_older_revision(settings: Settings) -> None:
    await asyncio.to_thread(migrate, settings.database_url_of)
    with sqlite3.connect(settings.var_dir / "db" / "corrections.sqlite3") as link:
        (newest,) = link.execute("SELECT version_num FROM alembic_version").fetchone()
        link.execute("UPDATE alembic_version SET version_num = '0001'")
    link.close()

    findings = await database.check(settings)

    assert one(findings, "corrections").said == f"it is at revision 0001, this version needs {newest}"
    assert one(findings, "users").state is State.GOOD


async def test_a_database_file_that_is_damaged(settings: Settings) -> None:
    await asyncio.to_thread(migrate, settings.database_url_of)
    (settings.var_dir / "db" / "users.sqlite3").write_bytes(b"no database" * 1_000)

    assert one(await database.check(settings), "users").state is State.BAD


async def test_a_namespace_that_is_not_there(settings: Settings) -> None:
    async with development() as server:
        address = server.client.service_client.config.target_host
        findings = await temporal.check(
            changed(settings, temporal_address=address, temporal_namespace="elsewhere")
        )

    assert one(findings, "namespace").said == "there is no namespace elsewhere"
    assert "--retention 90d" in one(findings, "namespace").advice


async def test_a_cluster_that_does_not_answer(settings: Settings) -> None:
    (found,) = await temporal.check(changed(settings, temporal_embedded=False))

    assert found.state is State.BAD
    assert found.said == f"nobody answers at {settings.temporal_address}: Connection refused"


async def test_weights_that_are_missing(settings: Settings, tmp_path: Path) -> None:
    findings = await detection.check(
        changed(settings, models_dir=tmp_path / "no", sample_media_dir=tmp_path / "no")
    )

    assert one(findings, "face model").state is State.BAD
    assert one(findings, "objects").state is State.DOUBT
    assert "OFF" in one(findings, "objects").said


async def test_a_face_model_that_is_another(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mediapipe-0.10.21" / "face_detection_full_range_sparse.tflite"
    file.parent.mkdir()
    file.write_bytes(b"something else")

    findings = await detection.check(changed(settings, models_dir=tmp_path, sample_media_dir=tmp_path))

    assert "is not the one we know" in one(findings, "face model").said


async def test_a_mail_port_that_is_closed(settings: Settings) -> None:
    port = closed_port()

    (found,) = await mail.check(changed(settings, use_mock_senders=False, smtp_port=port))

    assert found.state is State.BAD
    assert f"no mail server answers at 127.0.0.1:{port}" in found.said


@pytest.fixture
def strict_server() -> Iterator[int]:
    """A mail server without TLS that knows no account."""
    controller = Controller(
        object(),
        hostname="127.0.0.1",
        port=closed_port(),
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_require_tls=False,
    )
    controller.start()
    yield controller.port
    controller.stop()


async def test_a_mail_server_that_refuses_the_account(settings: Settings, strict_server: int) -> None:
    there = changed(
        settings, use_mock_senders=False, smtp_port=strict_server, smtp_user="someone", smtp_password=PASSWORD
    )

    (found,) = await mail.check(there)

    assert "refuses the account someone" in found.said


async def test_a_mail_server_that_cannot_encrypt(settings: Settings, strict_server: int) -> None:
    (found,) = await mail.check(
        changed(settings, use_mock_senders=False, smtp_port=strict_server, smtp_tls="starttls")
    )

    assert found.state is State.BAD
    assert "SMTP_TLS=starttls" in found.said


async def test_brokers_and_name_nodes_that_do_not_answer(settings: Settings, nowhere: str) -> None:
    there = changed(settings, kafka_bootstrap=nowhere, use_local_storage=False, hdfs_url=f"http://{nowhere}")

    (brokers,), names = await event.check(there), await store.check(there)

    assert (brokers.state, one(names, f"http://{nowhere}").state) == (State.BAD, State.BAD)
    assert f"no broker answers at {nowhere}" in brokers.said
    assert one(names, "write, read, delete").state is State.OFF


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")

    found = machine.room(About("machine", "VAR_DIR"), tmp_path / "var" / "lake")

    assert found.state is State.BAD


@pytest.mark.parametrize(
    ("changes", "subject", "said"),
    [
        ({"public_url": "https://exams.example.org"}, "PUBLIC_URL", "whose host the API refuses"),
        (
            {"public_url": "http://exams.example.org", "trusted_hosts": ("exams.example.org",)},
            "PUBLIC_URL",
            "browsers give no camera there",
        ),
        ({"api_host": "0.0.0.0"}, "secrets", "with secrets that everybody knows"),  # noqa: S104 - what is found out
    ],
)
async def test_settings_that_cannot_work_for_people(
    settings: Settings, changes: dict[str, Any], subject: str, said: str
) -> None:
    found = one(await examine(changed(settings, **changes)), subject)

    assert found.state is State.BAD
    assert said in found.said


# --- Whatever happens -------------------------------------------------------------------------------


async def test_one_part_that_breaks_or_hangs_holds_no_other_up(settings: Settings) -> None:
    async def breaks(_: Settings) -> Sequence[Finding]:
        raise ZeroDivisionError("nobody foresaw it")

    async def hangs(_: Settings) -> Sequence[Finding]:
        await asyncio.Event().wait()
        return ()

    checks = {"broken": breaks, "slow": hangs, "machine": machine.check}
    findings = await examine(settings, checks, timedelta(milliseconds=200))

    assert [(finding.part, finding.state) for finding in findings[:2]] == [
        ("broken", State.BAD),
        ("slow", State.BAD),
    ]
    assert "nobody foresaw it" in findings[0].said
    assert findings[2].part == "machine"


async def test_no_secret_is_shown(settings: Settings) -> None:
    there = changed(
        settings, database_url=f"mysql+aiomysql://a:{PASSWORD}@h/{{schema}}", smtp_password="also-mine"
    )

    async def tells(_: Settings) -> Sequence[Finding]:
        return (About("vendor", "x").bad(f"using password {PASSWORD}", "try also-mine"),)

    (found,) = await examine(there, {"vendor": tells})

    assert (found.said, found.advice) == ("using password …", "try …")


def doctor(**environment: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "workers", "doctor", "--json")
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_command_says_it_as_json_and_by_its_exit_code(settings: Settings) -> None:
    address = {
        "VAR_DIR": str(settings.var_dir),
        "TEMPORAL_ADDRESS": settings.temporal_address,
        "PUBLIC_URL": settings.public_url,
        "INTERNAL_API_URL": settings.internal_api_url,
    }
    unmigrated = doctor(**address)
    migrate(settings.database_url_of)
    migrated = doctor(**address)

    assert (unmigrated.returncode, migrated.returncode) == (1, 0)
    assert json.loads(migrated.stdout)["is_well"] is True
    assert {finding["state"] for finding in json.loads(unmigrated.stdout)["findings"]} >= {
        "bad",
        "good",
        "off",
    }


def test_settings_that_are_refused_are_a_finding_too() -> None:
    done = doctor(ENABLE_KAFKA_CONSUMER="true", KAFKA_BOOTSTRAP="")

    (finding,) = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert "ENABLE_KAFKA_CONSUMER needs KAFKA_BOOTSTRAP" in finding["said"]
