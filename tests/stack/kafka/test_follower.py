"""KafkaFollower on a real broker: order, each once, quarantine, and offsets that follow the effect."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from activities.adapters.files import FileStore
from activities.adapters.kafka import Kafka
from activities.adapters.kafka_follower import KafkaFollower
from activities.adapters.kafka_sink import KafkaSink
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.quarantine import Quarantine
from activities.ports import EventSink
from schema.events import Envelope, Topic
from schema.ids import new_id
from tests.contracts.test_event_sink import some_events

WITHIN = timedelta(seconds=40)


class Diary:
    """An EventSink that writes down the events of a test as they come, and fails as often as it is told to."""

    def __init__(self, told: Sequence[Envelope], failures: int = 0) -> None:
        self._own = {event.event_id for event in told}
        self.failures = failures
        self.events: list[Envelope] = []

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        own = [event for event in envelopes if event.event_id in self._own]
        if own and self.failures:
            self.failures -= 1
            raise ConnectionError("the sink is away")
        self.events += own


def lines(attempts: int, length: int) -> list[Envelope]:
    """Events of several attempts, each attempt's spread over three topics."""
    alert = {"incident_id": str(new_id()), "kind": "face_absent", "risk": 20.0}
    review = {"review_id": str(new_id()), "kind": "essay", "subject": "7"}
    start = {"rules_version": "1", "model_version": "1"}
    carried = [
        (Topic.HIGH_RISK_ALERT, alert),
        (Topic.MANUAL_REVIEW_REQUIRED, review),
        (Topic.MONITORING_STARTED, start),
    ]
    template = some_events()[0]
    told = []
    for attempt_id in (new_id() for _ in range(attempts)):
        for number in range(1, length + 1):
            topic, data = random.choice(carried)
            changes = {"event_id": new_id(), "attempt_id": attempt_id, "type": topic, "data": data}
            told.append(template.model_copy(update={**changes, "sequence": number}))
    return told


async def publish(kafka: Kafka, events: Sequence[Envelope]) -> None:
    sink = KafkaSink(kafka, Quarantine(MemoryObjectStore()), limit=WITHIN)
    await sink.publish(events)
    await sink.close()


@contextlib.asynccontextmanager
async def following(
    kafka: Kafka, group: str, sink: EventSink, quarantine: Quarantine | None = None
) -> AsyncIterator[None]:
    stop = asyncio.Event()
    kept = quarantine or Quarantine(MemoryObjectStore())
    follower = KafkaFollower(kafka, group, [sink], kept, patience=timedelta(seconds=3))
    task = asyncio.create_task(follower.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN.total_seconds()):
        while not is_so():
            await asyncio.sleep(0.05)


@pytest.fixture
def group() -> str:
    return f"test-{new_id()}"


async def test_events_come_in_the_order_of_their_birth_each_once(kafka: Kafka, group: str) -> None:
    told = lines(attempts=20, length=15)
    diary, coming = Diary(told), [*told, *told[:100]]
    random.Random(7).shuffle(coming)
    for first in range(0, len(coming), 50):
        await publish(kafka, coming[first : first + 50])

    async with following(kafka, group, diary):
        await until(lambda: len(diary.events) >= len(told))
        await asyncio.sleep(1)

    assert len(diary.events) == len(told)
    for attempt_id in {event.attempt_id for event in told}:
        mine = [event.sequence for event in diary.events if event.attempt_id == attempt_id]
        assert mine == list(range(1, 16))


async def test_an_effect_that_fails_is_tried_again_and_none_is_lost(kafka: Kafka, group: str) -> None:
    told = lines(attempts=5, length=10)
    diary = Diary(told, failures=2)
    await publish(kafka, told)

    async with following(kafka, group, diary):
        await until(lambda: len(diary.events) >= len(told))

    assert diary.failures == 0
    assert {event.event_id for event in diary.events} == {event.event_id for event in told}


async def test_who_comes_after_goes_on_where_the_first_one_stopped(kafka: Kafka, group: str) -> None:
    told, later = lines(attempts=3, length=5), lines(attempts=3, length=5)
    one, two = Diary([*told, *later]), Diary([*told, *later])
    await publish(kafka, told)
    async with following(kafka, group, one):
        await until(lambda: len(one.events) == len(told))
        await asyncio.sleep(1)  # the offsets follow

    await publish(kafka, later)
    async with following(kafka, group, two):
        await until(lambda: len(two.events) >= len(later))

    assert {event.event_id for event in two.events} == {event.event_id for event in later}


async def test_two_members_share_the_partitions_and_keep_the_order(kafka: Kafka, group: str) -> None:
    told = lines(attempts=30, length=10)
    one, two = Diary(told), Diary(told)

    async with following(kafka, group, one), following(kafka, group, two):
        await asyncio.sleep(2)
        for first in range(0, len(told), 60):
            await publish(kafka, told[first : first + 60])
        await until(lambda: len({e.event_id for e in [*one.events, *two.events]}) == len(told))

    for attempt_id in {event.attempt_id for event in told}:
        mine = [[e.sequence for e in diary.events if e.attempt_id == attempt_id] for diary in (one, two)]
        assert list(range(1, 11)) in mine


async def test_what_is_no_event_lies_in_quarantine_and_the_rest_goes_on(
    kafka: Kafka, group: str, tmp_path: Path
) -> None:
    quarantine, told = Quarantine(FileStore(tmp_path)), lines(attempts=1, length=3)
    diary, key = Diary(told), str(told[0].attempt_id).encode()
    wrong_topic = some_events()[0].model_dump_json().encode()
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await kafka.create_topics()
    await producer.start()
    for value, its_key in ((b"{half", key), (None, key), (wrong_topic, key), (b"\xff", None)):
        await producer.send_and_wait("exam_cancelled", value, key=its_key)
    unkeyed = some_events()[0].model_dump_json().encode()
    await producer.send_and_wait("monitoring_started", unkeyed, key=b"somebody else")
    await producer.stop()
    await publish(kafka, told)

    async with following(kafka, group, diary, quarantine):
        await until(lambda: len(diary.events) == 3 and quarantine.counts.total() >= 5)

    assert diary.events == told
    assert quarantine.counts == {"exam_cancelled": 4, "monitoring_started": 1}
    assert len(list((tmp_path / "quarantine/events/exam_cancelled").iterdir())) == 4
    assert len(list((tmp_path / "quarantine/events/monitoring_started").iterdir())) == 1
