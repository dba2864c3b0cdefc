"""Mirrors events to Kafka: one topic per kind, keyed by attempt, each checked against its topic's schema."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from activities.adapters.kafka import Kafka, close_within
from activities.adapters.quarantine import Quarantine
from schema.event_model import checked_event
from schema.events import Envelope

LOG = logging.getLogger(__name__)
PUBLISH_LIMIT = timedelta(seconds=15)
CLOSE_LIMIT = timedelta(seconds=5)


class KafkaSink:
    """An EventSink. The producer is idempotent and waits for all replicas in sync (acks=all).

    Kafka keeps an event once however often the producer tries; one that is published again after a crash
    stands there twice, with the same event_id.
    """

    def __init__(self, kafka: Kafka, quarantine: Quarantine, limit: timedelta = PUBLISH_LIMIT) -> None:
        self._kafka = kafka
        self._quarantine = quarantine
        self._limit = limit
        self._producer: Any = None
        # What the producer still tries to deliver: asked for again, it is waited for, not sent twice.
        self._under_way: dict[UUID, asyncio.Future[Any]] = {}

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns once all are durable; what its own schema refuses is in quarantine.

        Raises ConnectionError, TimeoutError or aiokafka's KafkaError while no broker takes them: publish them again.
        """
        good = [envelope for envelope in envelopes if await self._is_good(envelope)]
        if not good:
            return
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                await self._deliver(good)
        except TimeoutError as error:
            raise TimeoutError(f"Kafka at {self._kafka.bootstrap} took no events in {self._limit}") from error

    async def close(self) -> None:
        """Let go of the brokers. What is under way may or may not arrive; nobody was told that it had."""
        producer, self._producer = self._producer, None
        self._under_way.clear()
        if producer is not None and not await close_within(
            CLOSE_LIMIT, asyncio.ensure_future(producer.stop())
        ):
            LOG.warning("Kafka at %s is away; its producer was left behind", self._kafka.bootstrap)

    async def _is_good(self, envelope: Envelope) -> bool:
        text = envelope.model_dump_json()
        try:
            checked_event(envelope.type, text)
        except ValueError as error:
            place = f"outbox-{envelope.event_id}"
            await self._quarantine.keep(envelope.type, place, text.encode(), str(error))
            return False
        return True

    async def _deliver(self, envelopes: Sequence[Envelope]) -> None:
        producer = await self._started()
        for envelope in envelopes:
            if envelope.event_id not in self._under_way:
                self._under_way[envelope.event_id] = await _sent(producer, envelope)
        waiting = {envelope.event_id: self._under_way[envelope.event_id] for envelope in envelopes}
        # Waiting does not cancel them when time is up.
        done, _ = await asyncio.wait(waiting.values())
        for event_id in waiting:
            del self._under_way[event_id]
        troubles = [trouble for one in done if (trouble := one.exception()) is not None]
        if troubles:
            await self.close()  # an idempotent producer that has lost one may refuse all that follow
            raise troubles[0]

    async def _started(self) -> Any:
        if self._producer is None:
            from aiokafka import AIOKafkaProducer

            await self._kafka.create_topics()
            producer = AIOKafkaProducer(
                bootstrap_servers=self._kafka.bootstrap,
                enable_idempotence=True,
                acks="all",
                compression_type="gzip",
                linger_ms=5,
                request_timeout_ms=10_000,
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer


async def _sent(producer: Any, envelope: Envelope) -> asyncio.Future[Any]:
    sent: asyncio.Future[Any] = await producer.send(
        envelope.type.value,
        value=envelope.model_dump_json().encode(),
        key=str(envelope.attempt_id).encode(),
        headers=[("event_id", str(envelope.event_id).encode())],
    )
    return sent
