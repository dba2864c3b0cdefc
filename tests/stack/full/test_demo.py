"""The demo on the full stack: what it leaves behind agrees, wherever one looks."""

import pytest

from schema.events import Topic
from tests.product.house import House, Say
from tests.stack.full.account import by_topic, counts, in_kafka, in_lake, until_equal
from tests.stack.full.demo import Played

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]


async def test_the_demo_runs_as_it_does_embedded(played: Played) -> None:
    assert played.summary["missing"] == []
    assert played.summary["mails"]["read_from"] == "a mail server's Maildir"


async def test_events_are_equal_in_database_kafka_and_lake(house: House, played: Played, say: Say) -> None:
    told = await until_equal(house)

    kafka = by_topic(await in_kafka(house, told.attempts))
    lake = by_topic(await in_lake(house, told.attempts))
    assert counts(by_topic(told.events)) == counts(kafka) == counts(lake)
    assert kafka.keys() >= set(Topic) - {Topic.EXAM_CANCELLED}
    say(f"full: {len(told.events)} events of {len(kafka)} topics are in database, Kafka and lake")
