"""The product's settings for a running stack: what a shell is told, and that the product takes it."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from schema.database_address import one_each
from schema.settings import Settings
from workers.stack.environment import as_shell, environment
from workers.stack.settings import StackSettings

MEMBERS = {"galera-1", "kafka", "hdfs-name", "mail", "temporal"}


def stack_in(folder: Path, **changes: object) -> StackSettings:
    return StackSettings(var_dir=folder, port_offset=70, **changes)  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    told = environment(MEMBERS, stack_in(tmp_path, galera_password="p@ss/wörd"))
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


def test_the_product_finds_every_engine_by_it(settings: Settings) -> None:
    urls = [make_url(each) for each in one_each(settings.database_url_of("users"))]

    assert [url.port for url in urls] == [13_376, 13_377, 13_378]
    assert {(url.password, url.database) for url in urls} == {("p@ss/wörd", "proctorwise_users")}
    assert (settings.kafka_bootstrap, settings.enable_kafka_consumer) == ("127.0.0.1:19162", True)
    assert (settings.hdfs_url, settings.use_local_storage) == ("http://127.0.0.1:19940", False)
    assert (settings.smtp_port, settings.use_mock_senders) == (11_095, False)
    assert (settings.temporal_address, settings.temporal_embedded) == ("127.0.0.1:17303", False)


def test_the_product_has_a_place_of_its_own(settings: Settings, tmp_path: Path) -> None:
    assert settings.var_dir == tmp_path / "product"
    assert settings.public_url == "http://localhost:18070"
    assert settings.internal_api_url == "http://127.0.0.1:18070"


def test_what_does_not_run_stays_embedded(tmp_path: Path) -> None:
    told = environment({"kafka"}, stack_in(tmp_path))

    assert "KAFKA_BOOTSTRAP" in told
    assert not {"DATABASE_URL", "SMTP_PORT", "TEMPORAL_EMBEDDED"} & told.keys()


def test_spark_jobs_find_the_cluster_and_the_lake(tmp_path: Path) -> None:
    told = environment({"spark-master", "hdfs-name"}, stack_in(tmp_path))

    assert told["SPARK_MASTER"] == "spark://127.0.0.1:17147"
    assert told["SPARK_LAKE_URL"] == "hdfs://127.0.0.1:18090/lake"


def test_a_shell_reads_values_as_they_are() -> None:
    script = as_shell({"ODD": 'it\'s $HOME; "{schema}" & more'}) + '\nprintf %s "$ODD"'

    said = subprocess.run(("sh", "-c", script), capture_output=True, text=True, check=True).stdout

    assert said == 'it\'s $HOME; "{schema}" & more'


def test_without_a_stack_nothing_goes_on(tmp_path: Path) -> None:
    command = f'eval "$({sys.executable} -m workers stack env)" && echo went on'

    done = subprocess.run(
        ("sh", "-c", command),
        env={"STACK_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert f"no stack runs in {tmp_path}; start it with `make stack-up`" in done.stderr
