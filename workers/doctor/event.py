"""Kafka: the brokers, our topics with their partitions and copies, and how far our groups are behind."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

from schema.events import Topic
from schema.settings import Settings
from workers.doctor.finding import About, Finding
from workers.mirror import ALARM_GROUP, LAKE_GROUP

ASK_MILLISECONDS = 5_000
MUCH_LAG = 10_000  # events
BROKERS = About("kafka", "brokers")
TOPICS = About("kafka", "topics")


async def check(settings: Settings) -> Sequence[Finding]:
    """Nothing is made: a missing topic is made with the first event."""
    if not settings.kafka_bootstrap:
        return (BROKERS.off("KAFKA_BOOTSTRAP is empty: events go to the lake and the timeline only"),)
    from aiokafka import AIOKafkaConsumer
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    async with AsyncExitStack() as stack:
        admin = AIOKafkaAdminClient(
            bootstrap_servers=settings.kafka_bootstrap, request_timeout_ms=ASK_MILLISECONDS
        )
        stack.push_async_callback(admin.close)
        try:
            await admin.start()
            cluster, topics = await admin.describe_cluster(), await admin.describe_topics()
        except (KafkaError, OSError, ValueError) as trouble:
            said = f"no broker answers at {settings.kafka_bootstrap}: {trouble}"
            return (BROKERS.bad(said, "Start them, or mend KAFKA_BOOTSTRAP. Events wait in the outboxes."),)
        ours = {topic["topic"]: topic for topic in topics if topic["topic"] in set(Topic)}
        findings = [_brokers(settings, len(cluster["brokers"])), _topics(settings, ours)]
        if settings.enable_kafka_consumer and ours:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=settings.kafka_bootstrap, request_timeout_ms=ASK_MILLISECONDS
            )
            await consumer.start()
            stack.push_async_callback(consumer.stop)
            findings += [await _behind(admin, consumer, group, ours) for group in (LAKE_GROUP, ALARM_GROUP)]
        return findings


def _brokers(settings: Settings, count: int) -> Finding:
    said = f"{count} at {settings.kafka_bootstrap}"
    if count < settings.kafka_replication:
        advice = f"Start more, or set KAFKA_REPLICATION to at most {count}."
        return BROKERS.bad(f"{said}, and topics shall have {settings.kafka_replication} copies", advice)
    return BROKERS.good(said)


def _topics(settings: Settings, ours: Mapping[str, Mapping[str, Any]]) -> Finding:
    leaderless = [
        name for name, topic in ours.items() if any(part["leader"] < 0 for part in topic["partitions"])
    ]
    if leaderless:
        return TOPICS.bad(
            f"no broker leads {', '.join(sorted(leaderless))}", "Bring the missing brokers back."
        )
    short = [
        name
        for name, topic in ours.items()
        if any(len(part["isr"]) < len(part["replicas"]) for part in topic["partitions"])
    ]
    if short:
        return TOPICS.doubt(f"short of copies: {', '.join(sorted(short))}", "Bring the missing brokers back.")
    shapes = {(len(topic["partitions"]), len(topic["partitions"][0]["replicas"])) for topic in ours.values()}
    if len(shapes) > 1:
        said = f"{len(ours)} topics, not alike: partitions and copies are {sorted(shapes)}"
        return TOPICS.doubt(said, "Give all the same number of partitions; see docs/events.md.")
    missing = len(Topic) - len(ours)
    if missing:
        return TOPICS.off(f"{missing} of {len(Topic)} are not there yet; the first event makes them")
    partitions, copies = next(iter(shapes))
    said = f"{len(ours)} topics, {partitions} partitions, {copies} copies each"
    if (partitions, copies) != (settings.kafka_partitions, settings.kafka_replication):
        return TOPICS.doubt(
            said, "KAFKA_PARTITIONS and KAFKA_REPLICATION count for new topics only; change these by hand."
        )
    return TOPICS.good(said)


async def _behind(admin: Any, consumer: Any, group: str, ours: Mapping[str, Mapping[str, Any]]) -> Finding:
    from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError

    about = About("kafka", group)
    try:
        lag = await _lag(admin, consumer, group, ours)
    except GroupCoordinatorNotAvailableError:
        return about.off("nobody has read for it yet")
    except KafkaError as trouble:
        return about.doubt(f"it cannot be asked how far it is: {trouble}", "Look at the brokers' logs.")
    if lag > MUCH_LAG:
        return about.doubt(f"{lag} events behind", "See that a worker of proctor-io runs, and its log.")
    return about.good(f"{lag} events behind")


async def _lag(admin: Any, consumer: Any, group: str, ours: Mapping[str, Mapping[str, Any]]) -> int:
    """Events on our topics that the group has not committed."""
    from aiokafka import TopicPartition

    parts = [
        TopicPartition(name, part["partition"])
        for name, topic in ours.items()
        for part in topic["partitions"]
    ]
    ends, begins = await consumer.end_offsets(parts), await consumer.beginning_offsets(parts)
    held = await admin.list_consumer_group_offsets(group)
    done = {part: at.offset for part, at in held.items()}
    return sum(int(ends[part]) - max(done.get(part, 0), begins[part]) for part in parts)
