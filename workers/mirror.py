"""Who takes events where: to the lake and the timeline at once, and with Kafka by a relay of its own."""

import asyncio
from collections.abc import Awaitable, Callable

from activities.adapters.kafka import Kafka
from activities.adapters.kafka_follower import KafkaFollower
from activities.adapters.kafka_sink import KafkaSink
from activities.adapters.lake import LakeSink
from activities.adapters.now import utc_now
from activities.adapters.quarantine import Quarantine
from activities.adapters.sql.outbox import Mark, outboxes_of
from activities.adapters.sql.receipt_book import receipt_books_of
from activities.adapters.timeline import TimelineSink
from activities.ports import EventSink, ObjectStore
from activities.relay import Relay
from schema.db.session import Databases
from schema.settings import Settings

LAKE_GROUP = "proctorwise-lake"
ALARM_GROUP = "proctorwise-alarm"

Loop = Callable[[asyncio.Event], Awaitable[None]]


def event_loops(
    settings: Settings, databases: Databases, store: ObjectStore, alarm: EventSink
) -> tuple[Loop, ...]:
    """The loops that carry events, each until its stop is set; `alarm` is fed from Kafka only."""
    loops: list[Loop] = [_direct(settings, databases).run]
    if settings.kafka_bootstrap:
        loops.append(lambda stop: _mirror(settings, databases, store, stop))
    if settings.enable_kafka_consumer:
        loops.append(_follower(settings, store, LAKE_GROUP, LakeSink(settings.lake_dir)).run)
        loops.append(_follower(settings, store, ALARM_GROUP, alarm).run)
    return tuple(loops)


def kafka_of(settings: Settings) -> Kafka:
    """Kafka as the settings describe it."""
    return Kafka(
        settings.kafka_bootstrap,
        partitions=settings.kafka_partitions,
        replication=settings.kafka_replication,
        retention=settings.kafka_retention,
    )


def _direct(settings: Settings, databases: Databases) -> Relay:
    """An event is kept in its outbox until Kafka has it too, where there is one."""
    needed = frozenset(Mark) if settings.kafka_bootstrap else frozenset[Mark]()
    timeline = TimelineSink(databases.analytics)
    sinks = (timeline,) if settings.enable_kafka_consumer else (LakeSink(settings.lake_dir), timeline)
    outboxes = outboxes_of(databases, Mark.PUBLISHED, needed)
    return Relay(outboxes, sinks, utc_now, receipts=receipt_books_of(databases))


async def _mirror(settings: Settings, databases: Databases, store: ObjectStore, stop: asyncio.Event) -> None:
    sink = KafkaSink(kafka_of(settings), Quarantine(store))
    outboxes = outboxes_of(databases, Mark.MIRRORED, frozenset(Mark))
    try:
        await Relay(outboxes, [sink], utc_now).run(stop)
    finally:
        await sink.close()


def _follower(settings: Settings, store: ObjectStore, group: str, sink: EventSink) -> KafkaFollower:
    """A group per sink: one that is away holds no other up."""
    return KafkaFollower(kafka_of(settings), group, [sink], Quarantine(store))
