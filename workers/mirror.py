"""Who takes events where: to local files and the timeline at once, to Kafka and to HDFS by a relay each."""

import asyncio
from collections.abc import Awaitable, Callable

from activities.adapters.kafka import Kafka
from activities.adapters.kafka_follower import AT_ONCE, Gathering, KafkaFollower
from activities.adapters.kafka_sink import KafkaSink
from activities.adapters.lake import LakeSink
from activities.adapters.lake_object import LakeObjectSink
from activities.adapters.now import utc_now
from activities.adapters.quarantine import Quarantine
from activities.adapters.sql.outbox import Mark, marks_of, outboxes_of
from activities.adapters.sql.receipt_book import receipt_books_of
from activities.adapters.timeline import TimelineSink
from activities.ports import EventSink, ObjectStore
from activities.relay import Relay
from schema.db.session import Databases
from schema.settings import Settings

LAKE_GROUP = "proctorwise-lake"
ALARM_GROUP = "proctorwise-alarm"
LAKE_BATCH = 5_000  # events of one object at most: some megabytes

Loop = Callable[[asyncio.Event], Awaitable[None]]


def event_loops(
    settings: Settings, databases: Databases, store: ObjectStore, alarm: EventSink
) -> tuple[Loop, ...]:
    """The loops that carry events, each until its stop is set; `alarm` is fed from Kafka only."""
    loops: list[Loop] = [_direct(settings, databases).run]
    if settings.kafka_bootstrap:
        loops.append(lambda stop: _mirror(settings, databases, store, stop))
    if settings.enable_kafka_consumer:
        loops.append(_lake_follower(settings, store).run)
        loops.append(_follower(settings, store, ALARM_GROUP, alarm).run)
    elif not settings.use_local_storage:
        loops.append(_to_lake(settings, databases, store).run)
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
    """To what is on this machine and in the databases, at once."""
    sinks: list[EventSink] = [TimelineSink(databases.analytics)]
    if settings.use_local_storage and not settings.enable_kafka_consumer:
        sinks.insert(0, LakeSink(settings.lake_dir))
    outboxes = outboxes_of(databases, Mark.PUBLISHED, marks_of(settings))
    return Relay(outboxes, sinks, utc_now, receipts=receipt_books_of(databases))


def _to_lake(settings: Settings, databases: Databases, store: ObjectStore) -> Relay:
    """To HDFS, in batches as wide as `lake_flush`: until then, and while HDFS is away, events wait in the outbox."""
    outboxes = outboxes_of(databases, Mark.STORED, marks_of(settings))
    sinks = [LakeObjectSink(store)]
    return Relay(outboxes, sinks, utc_now, pause=settings.lake_flush, batch=LAKE_BATCH)


async def _mirror(settings: Settings, databases: Databases, store: ObjectStore, stop: asyncio.Event) -> None:
    sink = KafkaSink(kafka_of(settings), Quarantine(store))
    outboxes = outboxes_of(databases, Mark.MIRRORED, marks_of(settings))
    try:
        await Relay(outboxes, [sink], utc_now).run(stop)
    finally:
        await sink.close()


def _lake_follower(settings: Settings, store: ObjectStore) -> KafkaFollower:
    if settings.use_local_storage:
        return _follower(settings, store, LAKE_GROUP, LakeSink(settings.lake_dir))
    gathering = Gathering(settings.lake_flush, LAKE_BATCH)
    return _follower(settings, store, LAKE_GROUP, LakeObjectSink(store), gathering)


def _follower(
    settings: Settings, store: ObjectStore, group: str, sink: EventSink, gathering: Gathering = AT_ONCE
) -> KafkaFollower:
    """A group per sink: one that is away holds no other up."""
    return KafkaFollower(kafka_of(settings), group, [sink], Quarantine(store), gathering=gathering)
