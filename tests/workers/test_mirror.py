"""Which loops carry events, by the settings; without Kafka and HDFS their clients are never loaded."""

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

LOADED = "import sys, workers.process, api.app; sys.exit(bool({'aiokafka', 'hdfs'} & sys.modules.keys()))"
HDFS = {"USE_LOCAL_STORAGE": "false", "HDFS_URL": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("told", "loops"),
    [
        ({}, 1),
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9"}, 2),
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9", "ENABLE_KAFKA_CONSUMER": "true"}, 4),
        (HDFS, 2),
        ({**HDFS, "KAFKA_BOOTSTRAP": "127.0.0.1:9"}, 3),
        ({**HDFS, "KAFKA_BOOTSTRAP": "127.0.0.1:9", "ENABLE_KAFKA_CONSUMER": "true"}, 4),
    ],
    ids=[
        "neither", "a mirror", "a mirror and two readers",
        "HDFS, fed by a relay", "both, fed by relays", "both, HDFS fed by Kafka",
    ],
)  # fmt: skip
async def test_kafka_and_hdfs_are_switched_by_their_settings(
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


def test_without_kafka_and_hdfs_their_clients_are_never_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], check=False)

    assert done.returncode == 0
