"""Who takes events where: to the lake and the timeline at once, and with Kafka by a relay of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from activities.adapters.kafka import Kafka
from activities.adapters.kafka_follower import KafkaFollower
from activities.adapters.kafka_sink import KafkaSink
from activities.adapters.lake import LakeSink
from activities.adapters.now import utc_now
from activities.adapters.quarantine import Quarantine
from activities.adapters.sql.outbox import Mark, outboxes_of
from activities.adapters.timeline import TimelineSink
from activities.ports import EventSink
from activities.relay import Relay
from schema.settings import Settings
from workers.equipment import Equipment

LAKE_GROUP = "proctorwise-lake"

Loop = Callable[[asyncio.Event], Awaitable[None]]


def event_loops(tools: Equipment) -> tuple[Loop, ...]:
    """The loops that carry events, each until its stop is set."""
    direct = _direct(tools).run
    if not tools.settings.kafka_bootstrap:
        return (direct,)
    following = (_lake_follower(tools).run,) if tools.settings.enable_kafka_consumer else ()
    return (direct, lambda stop: _mirror(tools, stop), *following)


def kafka_of(settings: Settings) -> Kafka:
    """Kafka as the settings describe it."""
    return Kafka(
        settings.kafka_bootstrap,
        partitions=settings.kafka_partitions,
        replication=settings.kafka_replication,
        retention=settings.kafka_retention,
    )


def _direct(tools: Equipment) -> Relay:
    """An event is kept in its outbox until Kafka has it too, where there is one."""
    needed = frozenset(Mark) if tools.settings.kafka_bootstrap else frozenset[Mark]()
    return Relay(outboxes_of(tools.databases, Mark.PUBLISHED, needed), _direct_sinks(tools), utc_now)


def _direct_sinks(tools: Equipment) -> Sequence[EventSink]:
    timeline = TimelineSink(tools.databases.analytics)
    if tools.settings.enable_kafka_consumer:
        return (timeline,)
    return (LakeSink(tools.settings.lake_dir), timeline)


async def _mirror(tools: Equipment, stop: asyncio.Event) -> None:
    outboxes = outboxes_of(tools.databases, Mark.MIRRORED, frozenset(Mark))
    async with _kafka_sink(tools) as sink:
        await Relay(outboxes, [sink], utc_now).run(stop)


@contextlib.asynccontextmanager
async def _kafka_sink(tools: Equipment) -> AsyncIterator[KafkaSink]:
    sink = KafkaSink(kafka_of(tools.settings), Quarantine(tools.store))
    try:
        yield sink
    finally:
        await sink.close()


def _lake_follower(tools: Equipment) -> KafkaFollower:
    sinks = [LakeSink(tools.settings.lake_dir)]
    return KafkaFollower(kafka_of(tools.settings), LAKE_GROUP, sinks, Quarantine(tools.store))
