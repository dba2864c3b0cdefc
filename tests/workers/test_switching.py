"""Each part of the full platform has a setting of its own; what cannot work together is refused in words."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from activities.adapters.eml import EmlSender
from activities.adapters.files import FileStore
from activities.adapters.memory.event_sink import MemoryEventSink
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.smtp import SmtpSender
from activities.adapters.store import open_store
from schema.db.session import Databases
from schema.settings import Settings
from workers.equipment import mail_sender
from workers.mirror import event_loops

PARTS: dict[str, dict[str, Any]] = {
    "galera": {"database_url": "mysql+aiomysql://a:b@h1,h2,h3/{schema}"},
    "hdfs": {"use_local_storage": False, "hdfs_url": "http://namenode:9870"},
    "kafka": {"kafka_bootstrap": "kafka:9092"},
    "smtp": {"use_mock_senders": False},
    "temporal": {"temporal_embedded": False, "temporal_address": "temporal:7233"},
}
CHOICES = [
    frozenset(name for name, is_chosen in zip(PARTS, chosen, strict=True) if is_chosen)
    for chosen in product((False, True), repeat=len(PARTS))
]


def settings_of(chosen: frozenset[str], folder: Path) -> Settings:
    changes = {name: value for part in chosen for name, value in PARTS[part].items()}
    return Settings(_env_file=None, var_dir=folder, **changes)


@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: "+".join(sorted(chosen)) or "embedded")
async def test_each_part_follows_its_own_setting_alone(chosen: frozenset[str], tmp_path: Path) -> None:
    settings = settings_of(chosen, tmp_path)
    databases = Databases.open(Settings(_env_file=None, var_dir=tmp_path).database_url_of)
    loops = event_loops(settings, databases, MemoryObjectStore(), MemoryEventSink())
    await databases.close()

    assert isinstance(open_store(settings), FileStore) == ("hdfs" not in chosen)
    assert isinstance(mail_sender(settings), EmlSender) == ("smtp" not in chosen)
    assert isinstance(mail_sender(settings), SmtpSender) == ("smtp" in chosen)
    assert settings.database_url_of("users").startswith("mysql") == ("galera" in chosen)
    assert settings.temporal_embedded == ("temporal" not in chosen)
    without = event_loops(
        settings_of(chosen - {"kafka"}, tmp_path), databases, MemoryObjectStore(), MemoryEventSink()
    )
    assert len(loops) - len(without) == ("kafka" in chosen)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"use_local_storage": False}, "USE_LOCAL_STORAGE=false needs HDFS_URL"),
        ({"use_local_storage": False, "hdfs_url": "hdfs://namenode:8020"}, "the name node's WebHDFS address"),
        ({"enable_kafka_consumer": True}, "ENABLE_KAFKA_CONSUMER needs KAFKA_BOOTSTRAP"),
        ({"database_url": "postgresql://a:b@h/{schema}"}, "it must begin with mysql"),
        ({"database_url": "mysql+aiomysql://a:b@h/proctorwise"}, "name the database {schema}"),
        ({"environment": "production"}, "JWT_SECRET must be a secret"),
        (
            {"environment": "production", "jwt_secret": "x" * 32, "internal_token": "y" * 32},
            "DEMO_ACCOUNTS must be false",
        ),
        ({"smtp_tls": "ssl"}, "'none', 'starttls' or 'tls'"),
        ({"temporal_retention_days": 7}, "greater than or equal to 30"),
    ],
)
def test_what_cannot_work_is_refused_in_words(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **changes)

    assert said in str(refused.value)
