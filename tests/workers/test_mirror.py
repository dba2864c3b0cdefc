"""Which loops carry events, by the settings; without Kafka its client is never loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from activities.adapters.memory.event_sink import MemoryEventSink
from activities.adapters.memory.object_store import MemoryObjectStore
from schema.db.session import Databases
from schema.settings import Settings
from tests.db.database import addresses_in
from workers.mirror import event_loops, kafka_of

LOADED = "import sys, workers.process; sys.exit('aiokafka' in sys.modules)"


@pytest.mark.parametrize(
    ("told", "loops"),
    [
        ({}, 1),
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9"}, 2),
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9", "ENABLE_KAFKA_CONSUMER": "true"}, 4),
    ],
    ids=["no Kafka", "a mirror", "a mirror and two readers"],
)
async def test_kafka_is_switched_by_its_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: dict[str, str], loops: int
) -> None:
    for name, value in {"VAR_DIR": str(tmp_path), **told}.items():
        monkeypatch.setenv(name, value)
    databases = Databases.open(addresses_in(tmp_path))

    made = event_loops(Settings(_env_file=None), databases, MemoryObjectStore(), MemoryEventSink())

    assert len(made) == loops
    await databases.close()


def test_topics_get_what_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"BOOTSTRAP": "a:1,b:2", "PARTITIONS": "12", "REPLICATION": "3", "RETENTION": "P7D"}
    for name, value in told.items():
        monkeypatch.setenv(f"KAFKA_{name}", value)

    kafka = kafka_of(Settings(_env_file=None))

    assert (kafka.bootstrap, kafka.partitions, kafka.replication, kafka.retention.days) == (
        "a:1,b:2",
        12,
        3,
        7,
    )


def test_without_kafka_its_client_is_never_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], check=False)

    assert done.returncode == 0
