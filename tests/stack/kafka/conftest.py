"""The real broker, started once for all tests that break it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.adapters.kafka import Kafka
from tests.db.database import make_template
from tests.stack.kafka.broker import Broker


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    started = Broker(tmp_path_factory.mktemp("kafka"))
    try:
        started.start()
        yield started
    finally:
        started.kill()


@pytest.fixture
def kafka(broker: Broker) -> Kafka:
    return Kafka(broker.bootstrap, partitions=3)
