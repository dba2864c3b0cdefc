"""Where the events of the product stand: in its outboxes, on Kafka's topics, in the lake; by topic and id."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from activities.adapters.store import open_store
from api.demo.story import until
from schema.db.outbox import CORRECTIONS, MONITORING, RESERVATIONS, OutboxTables
from schema.db.session import Database
from schema.events import Topic
from tests.product.house import House
from tests.stack.kafka.topic_reader import ends, records_since
from workers.mirror import kafka_of

Ids = dict[str, set[UUID]]


@dataclass(frozen=True, slots=True)
class Told:
    """The events of the outboxes; `owed` are those not yet marked as relayed and mirrored."""

    events: list[dict[str, Any]] = field(default_factory=list)
    owed: int = 0

    @property
    def attempts(self) -> set[str]:
        return {event["attempt_id"] for event in self.events}

    def about(self, attempt_id: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["attempt_id"] == attempt_id]

    def of(self, topic: Topic) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == topic]


async def in_outboxes(house: House) -> Told:
    """All that the databases tell."""
    bases = house.databases
    outboxes = (
        (bases.reservations, RESERVATIONS),
        (bases.monitoring, MONITORING),
        (bases.corrections, CORRECTIONS),
    )
    parts = [await _outbox(database, tables) for database, tables in outboxes]
    return Told([event for part in parts for event in part.events], sum(part.owed for part in parts))


async def in_kafka(house: House, attempts: Iterable[str]) -> list[dict[str, Any]]:
    """Every record about these attempts, from each topic's beginning."""
    kafka = kafka_of(house.product.settings)
    beginning = dict.fromkeys(await ends(kafka), 0)
    return _about(attempts, [record.value for record in await records_since(kafka, beginning)])


async def in_lake(house: House, attempts: Iterable[str]) -> list[dict[str, Any]]:
    """Every line about these attempts, from every object of events."""
    store = open_store(house.product.settings)
    names = [one.name for one in await store.list("raw/events")]
    lines = [line for name in names for line in (await store.get(name)).splitlines()]
    return _about(attempts, lines)


async def until_equal(house: House, within: float = 90.0) -> Told:
    """Wait until all three tell the same events, none owed. Returns them. Fails with the difference."""
    found: list[Told] = []
    differences: list[str] = []

    async def are_equal() -> bool:
        told = await in_outboxes(house)
        copies = {
            "Kafka": await in_kafka(house, told.attempts),
            "the lake": await in_lake(house, told.attempts),
        }
        found[:] = [told]
        differences[:] = [
            f"{place}: {difference}"
            for place, events in copies.items()
            if (difference := _difference(by_topic(told.events), by_topic(events)))
        ]
        return not differences and told.owed == 0

    try:
        await until(are_equal, "equal events in database, Kafka and lake", within)
    except TimeoutError:
        raise AssertionError(f"{found[0].owed} events are owed; {'; '.join(differences)}") from None
    return found[0]


def by_topic(events: Iterable[dict[str, Any]]) -> Ids:
    """Distinct event ids of each topic."""
    ids: Ids = defaultdict(set)
    for event in events:
        ids[event["type"]].add(UUID(event["event_id"]))
    return dict(ids)


def _difference(told: Ids, copied: Ids) -> dict[str, tuple[int, int]]:
    """(missing, foreign) of each topic where there are any."""
    topics = told.keys() | copied.keys()
    differing = {
        topic: (
            len(told.get(topic, set()) - copied.get(topic, set())),
            len(copied.get(topic, set()) - told.get(topic, set())),
        )
        for topic in topics
    }
    return {topic: counts for topic, counts in differing.items() if any(counts)}


def counts(ids: Ids) -> Counter[str]:
    """How many of each topic."""
    return Counter({topic: len(found) for topic, found in ids.items()})


def _about(attempts: Iterable[str], texts: Iterable[bytes]) -> list[dict[str, Any]]:
    wanted = frozenset(attempts)
    events = [json.loads(text) for text in texts]
    return [event for event in events if event["attempt_id"] in wanted]


async def _outbox(database: Database, tables: OutboxTables) -> Told:
    event = tables.event
    query = select(event.envelope, event.published_at, event.mirrored_at)
    async with database.read() as session:
        rows = (await session.execute(query)).all()
    owed = sum(published is None or mirrored is None for _, published, mirrored in rows)
    return Told([json.loads(envelope) for envelope, _, _ in rows], owed)
