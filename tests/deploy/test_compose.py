"""docker-compose.yml is whole, and each of our checks sees the fault it is there for."""

from pathlib import Path

import pytest

from schema.queue import Queue
from tests.deploy.composition import Composition, DuplicateKey
from tests.deploy.fault import faults

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

# What is broken in the file, and what must be said about it.
BROKEN = {
    "no exact version": ("image: haproxy:3.2.4-alpine", "image: haproxy:lts", "names no exact version"),
    "no version": ("image: postgres:17.6-bookworm", "image: postgres", "names no exact version"),
    "another Kafka": ("apache/kafka:4.4.0", "apache/kafka:4.1.0", "the repository pins 4.4.0"),
    "another Spark": ("apache/spark:", "apache/spark:3.5.1-", "the repository pins"),
    "another Temporal": ("temporalio/server:1.32.0", "temporalio/server:1.29.1", "the repository pins 1.32.0"),
    "another interface": ("temporalio/ui:2.54.1", "temporalio/ui:2.40.0", "the repository pins 2.54.1"),
    "nobody builds": ("    build: {context: ., dockerfile: deploy/ml.Dockerfile}\n", "", "nobody builds proctorwise"),
    "open to the world": ("127.0.0.1:8000:8000", "8000:8000", "is not on loopback alone"),
    "open by address": ("127.0.0.1:8025:8025", "0.0.0.0:8025:8025", "is not on loopback alone"),
    "same port": ("127.0.0.1:8233:8080", "127.0.0.1:8080:8080", "is temporal-ui's already"),
    "port without a way": (
        'ports: ["127.0.0.1:8025:8025"]\n    networks: [edge, back]',
        'ports: ["127.0.0.1:8025:8025"]\n    networks: [back]',
        "internal network",
    ),
    "undeclared volume": ("kafka:/var/lib/kafka/data", "kafkas:/var/lib/kafka/data", "volume kafkas is used and not"),
    "unused volume": ("  backup:\n", "  backup:\n  left-over:\n", "volume left-over is declared and not used"),
    "missing file": ("./deploy/temporal/dynamic.yaml", "./deploy/temporal/dynamics.yaml", "mounted and not there"),
    "missing Dockerfile": ("deploy/api.Dockerfile", "deploy/apis.Dockerfile", "is not there"),
    "missing dependency": ("migrate: {condition", "migration: {condition", "depends on migration, which is not"),
    "no health check": (
        "    healthcheck:\n      # By the network",
        "    x-none:\n      # By the network",
        "postgres is healthy, and it has no health check",
    ),
    "never done": (
        "temporal-schema: {condition: service_completed_successfully}",
        "postgres: {condition: service_completed_successfully}",
        "waits for postgres by service_completed_successfully",
    ),
    "a circle": (
        "  postgres:\n    <<: *service\n",
        "  postgres:\n    <<: *service\n    depends_on: {temporal: {condition: service_healthy}}\n",
        "postgres depends on itself",
    ),
    "no network": ("    networks: [edge] #", "    x-networks: [edge] #", "models is in no network of ours"),
    "no limits": ('    deploy: {resources: {limits: {cpus: "2", memory: 1280M}}}\n', "", "kafka has no limits"),
    "root": ('    user: "99:99"\n', "", "galera runs as root"),
    "root by number": ('    user: "99:99"\n', '    user: "0:0"\n', "galera runs as root"),
    "capabilities": ("  cap_drop: [ALL]\n", "", "keeps capabilities"),
    "privileged": ('    user: "99:99"\n', '    user: "99:99"\n    privileged: true\n', "keeps capabilities"),
    "new privileges": ('  security_opt: ["no-new-privileges:true"]\n', "", "may gain privileges"),
    "writable": ('user: "99:99"\n    read_only: true\n', 'user: "99:99"\n', "galera: its image is to be read-only"),
    "unknown variable": ("${PUBLIC_HOST:-localhost}", "${PUBLIC_HOSTS:-localhost}", "${PUBLIC_HOSTS} is not in"),
    "default secret": ("${JWT_SECRET:?set JWT_SECRET}", "${JWT_SECRET:-secret}", "JWT_SECRET is a secret and has"),
    "other default": ("${SMTP_TLS:-none}", "${SMTP_TLS:-tls}", "SMTP_TLS is 'tls' here and 'none'"),
    "misspelt setting": ("  HDFS_URL:", "  HDFS_URI:", "HDFS_URI is no setting of the product"),
    "misspelt job setting": ("SPARK_MASTER: spark", "SPARK_MASTERS: spark", "SPARK_MASTERS is no setting of"),
}  # fmt: skip


def test_the_file_has_no_fault() -> None:
    assert faults(Composition.read(TEXT, ROOT)) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_found_out(name: str) -> None:
    healthy, broken, said = BROKEN[name]
    assert healthy in TEXT, "the variant breaks nothing"

    found = faults(Composition.read(TEXT.replace(healthy, broken, 1), ROOT))

    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(
    ("healthy", "broken"),
    [
        ("  init: true\n", "  initial: true\n"),
        ("restart: unless-stopped", "restart: sometimes"),
        ("stop_grace_period: 60s", "stop_grace_period: soon"),
        ("127.0.0.1:8000:8000", "127.0.0.1:8000:http"),
        ("{condition: service_healthy}", "{condition: service_well}"),
        ("networks: [edge] #", "networks: [edges] #"),
    ],
)
def test_what_the_specification_refuses_is_refused(healthy: str, broken: str) -> None:
    assert healthy in TEXT

    with pytest.raises(ValueError, match=r".+"):
        Composition.read(TEXT.replace(healthy, broken), ROOT)


def test_a_key_that_stands_twice_is_refused() -> None:
    twice = TEXT.replace(
        "  kafka:\n    <<: *service\n", "  kafka:\n    <<: *service\n    image: other:1\n", 1
    )

    with pytest.raises(DuplicateKey, match="image stands there twice"):
        Composition.read(twice, ROOT)


def test_every_queue_has_a_worker_with_its_own_health_check() -> None:
    services = Composition.read(TEXT, ROOT).services
    serving = {
        service["command"][1]: service["healthcheck"]["test"][-1]
        for service in services.values()
        if service.get("command", [])[:1] == ["work"]
    }

    assert serving == {queue.value: queue.value for queue in Queue}


def test_the_issues_parts_are_all_there() -> None:
    services = set(Composition.read(TEXT, ROOT).services)

    assert {
        "galera", "galera-1", "galera-2", "galera-3", "kafka", "namenode", "datanode-1", "datanode-2", "spark-master",
        "spark-worker", "airflow-api", "airflow-scheduler", "airflow-dags", "mailpit", "temporal", "temporal-ui",
        "postgres", "api", "worker-lifecycle", "worker-io", "worker-batch", "worker-ml", "migrate", "models",
    } <= services  # fmt: skip


def test_databases_and_brokers_have_no_way_out() -> None:
    file = Composition.read(TEXT, ROOT)

    reaching = {name for name, service in file.services.items() if "edge" in service["networks"]}

    assert file.networks["back"]["internal"] is True
    assert reaching == {
        "api",
        "temporal-ui",
        "mailpit",
        "models",
        "worker-io",
        "airflow-api",
        "airflow-scheduler",
    }
