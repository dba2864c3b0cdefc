"""Reads what stands on the topics, as any other program would."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from activities.adapters.kafka import Kafka
from schema.events import Topic

Ends = dict[TopicPartition, int]


@contextlib.asynccontextmanager
async def a_reader(kafka: Kafka) -> AsyncIterator[Any]:
    await kafka.create_topics()
    # Without a group it gets every partition that there is: whoever made a topic first chose how many.
    topics = [topic.value for topic in Topic]
    reader = AIOKafkaConsumer(*topics, bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)
    await reader.start()
    try:
        yield reader
    finally:
        await reader.stop()


async def ends(kafka: Kafka) -> Ends:
    """How far each partition reaches now."""
    async with a_reader(kafka) as reader:
        found: Ends = await reader.end_offsets(reader.assignment())
        return found


async def records_since(kafka: Kafka, starts: Ends) -> list[Any]:
    """Every record that came after `starts`, as it stands there."""
    records: list[Any] = []
    async with a_reader(kafka) as reader:
        reached = await reader.end_offsets(reader.assignment())
        for partition, start in starts.items():
            reader.seek(partition, start)
        missing = sum(reached[partition] - start for partition, start in starts.items())
        while len(records) < missing:
            for found in (await reader.getmany(timeout_ms=500)).values():
                records += found
    return records
