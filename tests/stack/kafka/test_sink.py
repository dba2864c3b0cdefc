"""KafkaSink on a real broker: the contract of event sinks, and what stands on the topics."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from activities.adapters.kafka import Kafka
from activities.adapters.kafka_sink import KafkaSink
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.quarantine import Quarantine
from schema.event_model import checked_event
from schema.events import Topic
from tests.contracts.test_event_sink import (
    Mirror,
    some_events,
    test_every_event_is_there_once_however_often_it_comes,
    test_nothing_is_nothing,
)
from tests.stack.kafka.topic_reader import ends, records_since

__all__ = ["test_every_event_is_there_once_however_often_it_comes", "test_nothing_is_nothing"]


@pytest.fixture
def store() -> MemoryObjectStore:
    return MemoryObjectStore()


@pytest.fixture
async def sink(kafka: Kafka, store: MemoryObjectStore) -> AsyncIterator[KafkaSink]:
    sink = KafkaSink(kafka, Quarantine(store), limit=timedelta(seconds=30))
    yield sink
    await sink.close()


@pytest.fixture
async def mirror(kafka: Kafka, sink: KafkaSink) -> Mirror:
    """The sink, and the events on the topics as readers take them: each event_id once."""
    before = await ends(kafka)

    async def held() -> list[UUID]:
        return list({UUID(json.loads(r.value)["event_id"]) for r in await records_since(kafka, before)})

    return sink, held


async def test_topics_are_made_alike_with_their_retention(kafka: Kafka, sink: KafkaSink) -> None:
    await sink.publish(some_events())

    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        made = {
            topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics(list(Topic))
        }
        asked = ConfigResource(ConfigResourceType.TOPIC, "exam_submitted", configs={"retention.ms": ""})
        (answer,) = await admin.describe_configs([asked])
    finally:
        await admin.close()
    assert made == dict.fromkeys(Topic, 3)
    assert str(answer.resources[0][4][0][1]) == str(30 * 24 * 3600 * 1000)


async def test_a_record_is_the_event_keyed_by_its_attempt(kafka: Kafka, sink: KafkaSink) -> None:
    before, told = await ends(kafka), some_events()

    await sink.publish(told)

    records = {record.key.decode(): record for record in await records_since(kafka, before)}
    assert set(records) == {str(event.attempt_id) for event in told}
    for event in told:
        record = records[str(event.attempt_id)]
        assert record.topic == event.type
        assert checked_event(event.type, record.value) == event
        assert record.headers == (("event_id", str(event.event_id).encode()),)


async def test_an_attempt_has_the_same_partition_on_every_topic(kafka: Kafka, sink: KafkaSink) -> None:
    before, (one, *_) = await ends(kafka), some_events()
    alert = {"incident_id": str(one.event_id), "kind": "face_absent", "risk": 20.0}
    other = one.model_copy(
        update={"event_id": one.exam_id, "type": Topic.HIGH_RISK_ALERT, "data": alert, "sequence": 2}
    )

    await sink.publish([one, other])

    records = await records_since(kafka, before)
    assert {record.topic for record in records} == {"monitoring_started", "high_risk_alert"}
    assert len({record.partition for record in records}) == 1


async def test_what_its_schema_refuses_is_kept_apart_and_holds_nobody_up(
    kafka: Kafka, sink: KafkaSink, store: MemoryObjectStore
) -> None:
    before, (one, two, *_) = await ends(kafka), some_events()
    bad = one.model_copy(update={"data": {"surprise": 1}})

    await sink.publish([bad, two])

    (record,) = await records_since(kafka, before)
    assert record.headers == (("event_id", str(two.event_id).encode()),)
    kept = await _names(store)
    assert kept == [f"quarantine/events/monitoring_started/outbox-{bad.event_id}.json"]
    assert "surprise" in (await store.get(kept[0])).decode()


async def test_a_wrong_address_is_said(store: MemoryObjectStore) -> None:
    sink = KafkaSink(Kafka("127.0.0.1:9"), Quarantine(store))

    with pytest.raises(ConnectionError, match=r"no broker answers at 127\.0\.0\.1:9 \(KAFKA_BOOTSTRAP\)"):
        await sink.publish(some_events())

    await sink.close()


async def _names(store: MemoryObjectStore) -> Sequence[str]:
    return [kept.name for kept in await store.list("quarantine")]
