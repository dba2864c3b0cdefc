"""Where Kafka is and how our topics are made there."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from schema.events import Topic

TOPIC_EXISTS = 36  # Kafka's error code TOPIC_ALREADY_EXISTS
MAJORITY_FROM = 3  # replicas, of which two must have an event before it counts as durable


class KafkaUnwilling(Exception):
    """The broker answers, and refuses; the message says what."""


@dataclass(frozen=True, slots=True)
class Kafka:
    """Brokers as "host:port,host:port", and what topics get that are not there yet."""

    bootstrap: str
    partitions: int = 6
    replication: int = 1
    retention: timedelta = timedelta(days=30)

    async def create_topics(self) -> None:
        """Make the topics that are missing, all alike: an attempt has the same partition number in each.

        Raises ConnectionError while no broker is there, KafkaUnwilling when it refuses.
        """
        from aiokafka.admin import AIOKafkaAdminClient, NewTopic
        from aiokafka.errors import KafkaConnectionError

        configuration = self._topic_configuration()
        wanted = [
            NewTopic(topic.value, self.partitions, self.replication, topic_configs=configuration)
            for topic in Topic
        ]
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=10_000)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(admin.close)
            try:
                await admin.start()
            except KafkaConnectionError as error:
                raise ConnectionError(
                    f"no broker answers at {self.bootstrap} (KAFKA_BOOTSTRAP): {error}"
                ) from error
            answer = await admin.create_topics(wanted)
        refused = {error[0]: error[1:] for error in answer.topic_errors if error[1] not in {0, TOPIC_EXISTS}}
        if refused:
            raise KafkaUnwilling(f"topics cannot be made at {self.bootstrap}: {refused}")

    def _topic_configuration(self) -> dict[str, str]:
        kept = {"retention.ms": str(self.retention // timedelta(milliseconds=1))}
        return kept if self.replication < MAJORITY_FROM else {**kept, "min.insync.replicas": "2"}


async def close_within(limit: timedelta, closing: "asyncio.Future[None] | asyncio.Task[None]") -> bool:
    """Wait for a client to close; whether it did. With its brokers away it would wait for them forever."""
    done, _ = await asyncio.wait([closing], timeout=limit.total_seconds())
    if not done:
        closing.cancel()
    return bool(done)
