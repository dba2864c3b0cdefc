"""Follows the topics in Kafka and takes their events, ordered and each once, to sinks."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from activities.adapters.event_order import EventOrder
from activities.adapters.kafka import Kafka, close_within
from activities.adapters.now import Now, utc_now
from activities.adapters.quarantine import Quarantine
from activities.ports import EventSink
from schema.event_model import checked_event
from schema.events import Envelope, Topic

LOG = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=5)
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)
POLL_MILLISECONDS = 200
BATCH = 500
CLOSE_LIMIT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Gathering:
    """How long events may wait for company before the sinks get them, and how many wait at most."""

    longest: timedelta
    most: int


AT_ONCE = Gathering(timedelta(0), 1)


class KafkaFollower:
    """One member of a consumer group; partitions are shared so that an attempt's events meet in one member.

    An offset is committed after the event's effect, so a crash means that events come again, never that
    they are lost; the sinks take those as one. What is gathered is in no file and committed by nobody: after
    a crash it comes again.
    """

    def __init__(
        self,
        kafka: Kafka,
        group: str,
        sinks: Sequence[EventSink],
        quarantine: Quarantine,
        patience: timedelta = PATIENCE,
        now: Now = utc_now,
        gathering: Gathering = AT_ONCE,
    ) -> None:
        self._kafka = kafka
        self._group = group
        self._sinks = tuple(sinks)
        self._quarantine = quarantine
        self._patience = patience
        self._now = now
        self._gathering = gathering
        self._intake = _Intake(patience)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. After any trouble it begins again at the committed offsets, ever more slowly."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                async with self._consumer() as consumer:
                    while not stop.is_set():
                        await self._step(consumer)
                        pause = FIRST_PAUSE
            except Exception:
                LOG.exception("events cannot be read from Kafka now; trying again in %s", pause)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause.total_seconds())
                pause = min(pause * 2, LONGEST_PAUSE)

    @contextlib.asynccontextmanager
    async def _consumer(self) -> AsyncIterator[Any]:
        from aiokafka import AIOKafkaConsumer
        from aiokafka.coordinator.assignors.range import RangePartitionAssignor

        await self._kafka.create_topics()
        self._intake = _Intake(self._patience)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka.bootstrap,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            # The same partition of every topic goes to the same member.
            partition_assignment_strategy=[RangePartitionAssignor],
        )
        try:
            consumer.subscribe([topic.value for topic in Topic], listener=_forgetting(self))
            await consumer.start()
            yield consumer
        finally:
            await close_within(CLOSE_LIMIT, asyncio.ensure_future(consumer.stop()))

    def forget(self) -> None:
        """Partitions have been dealt anew: what is not committed comes again, to whoever has its partition."""
        self._intake = _Intake(self._patience)

    async def _step(self, consumer: Any) -> None:
        found = await consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=BATCH)
        intake = self._intake
        for record in (record for records in found.values() for record in records):
            event = await self._read(record)
            intake.add((record.topic, record.partition), record.offset, event, self._now())
        ready = intake.gather(self._gathering, self._now())
        if ready:
            for sink in self._sinks:
                await sink.publish(ready)
            intake.release(ready)
        offsets = intake.committable()
        if offsets and intake is self._intake:
            await consumer.commit(_by_partition(offsets))
            intake.committed.update(offsets)

    async def _read(self, record: Any) -> Envelope | None:
        """None for what is no event of its topic; it lies in quarantine then."""
        try:
            event = checked_event(Topic(record.topic), record.value or b"")
            if record.key != str(event.attempt_id).encode():
                raise ValueError(f"the key {record.key!r} is not the attempt {event.attempt_id}")
        except ValueError as error:
            place = f"{record.partition}-{record.offset}"
            await self._quarantine.keep(record.topic, place, record.value, str(error))
            return None
        return event


Partition = tuple[str, int]


class _Intake:
    """What came since the partitions were dealt, and how far each partition's effects are complete."""

    def __init__(self, patience: timedelta) -> None:
        self.order = EventOrder(patience)
        self.committed: dict[Partition, int] = {}
        self._next: dict[Partition, int] = {}
        self._held: dict[UUID, tuple[Partition, int]] = {}
        self._gathered: list[Envelope] = []
        self._since: datetime | None = None

    def add(self, partition: Partition, offset: int, event: Envelope | None, at: datetime) -> None:
        self._next[partition] = offset + 1
        if event is not None and self.order.add(event, at):
            self._held[event.event_id] = (partition, offset)

    def gather(self, gathering: Gathering, now: datetime) -> Sequence[Envelope]:
        """Everything whose turn has come, once it has waited long enough or is enough."""
        self._gathered += self.order.take(now)
        if not self._gathered:
            return ()
        self._since = self._since or now
        if len(self._gathered) < gathering.most and now - self._since < gathering.longest:
            return ()
        gathered, self._gathered, self._since = self._gathered, [], None
        return gathered

    def release(self, events: Sequence[Envelope]) -> None:
        for event in events:
            self._held.pop(event.event_id, None)

    def committable(self) -> dict[Partition, int]:
        """Per partition the offset before which everything has had its effect, where it moved."""
        reached = dict(self._next)
        for partition, offset in self._held.values():
            reached[partition] = min(reached[partition], offset)
        return {key: offset for key, offset in reached.items() if self.committed.get(key) != offset}


def _by_partition(offsets: dict[Partition, int]) -> dict[Any, int]:
    from aiokafka import TopicPartition

    return {TopicPartition(*partition): offset for partition, offset in offsets.items()}


def _forgetting(follower: KafkaFollower) -> Any:
    from aiokafka import ConsumerRebalanceListener

    class Forgetting(ConsumerRebalanceListener):  # type: ignore[misc]
        def on_partitions_revoked(self, revoked: Any) -> None:
            follower.forget()

        def on_partitions_assigned(self, assigned: Any) -> None:
            pass

    return Forgetting()
