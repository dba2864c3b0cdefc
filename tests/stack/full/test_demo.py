"""The demo on the full stack: what it leaves behind agrees, wherever one looks."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api.demo.story import until
from schema.db.tables.analytics import AnomalyDay, ExamWeek, JobRun
from schema.events import Topic
from tests.product.house import House, Say
from tests.stack.full.account import by_topic, counts, in_kafka, in_lake, until_equal
from tests.stack.full.demo import Played
from tests.stack.full.spark import run_job
from tests.stack.full.stored import are_uploaded, check_archive, check_frames
from tests.stack.running import RunningStack

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


async def test_frames_and_papers_are_in_hdfs_at_their_length(house: House, played: Played, say: Say) -> None:
    attempt_id, admin = str(played.attempt_id), house.staff["admin"]

    await until(lambda: are_uploaded(house, attempt_id), "all segments to be in HDFS")
    frames = await check_frames(house, attempt_id)
    names = played.summary["archive"]
    await check_archive(house, admin, attempt_id, names)

    assert frames == played.summary["frames"]["sent"]
    say(f"full: {frames} frames and {len(names)} objects of the archive are in HDFS, in two copies each")


async def test_spark_counts_what_the_databases_tell(
    stack: RunningStack, house: House, played: Played, say: Say
) -> None:
    told = await until_equal(house)
    days = sorted({day_of(event) for event in told.events})

    for day in days:
        await run_job(stack, "daily_anomaly_aggregation", day, house.product.settings)
    await run_job(stack, "weekly_grade_analytics", days[-1], house.product.settings)

    found, graded = await counted_by_spark(house)
    assert found == Counter(
        (UUID(event["exam_id"]), event["data"]["kind"]) for event in told.of(Topic.ANOMALY_DETECTED)
    )
    assert graded == Counter(
        UUID(exam_id)
        for exam_id, _ in {
            (event["exam_id"], event["attempt_id"]) for event in told.of(Topic.GRADING_COMPLETED)
        }
    )
    say(
        f"full: Spark counts {found.total()} incidents and {graded.total()} graded attempts, as the databases do"
    )


def day_of(event: dict[str, Any]) -> date:
    """The day, in UTC, in whose files it stands."""
    return datetime.fromisoformat(event["occurred_at"]).astimezone(UTC).date()


async def counted_by_spark(house: House) -> tuple[Counter[tuple[UUID, str]], Counter[UUID]]:
    """Incidents by exam and kind, graded attempts by exam; nothing was put aside as unreadable."""
    async with house.databases.analytics.read() as session:
        assert set(await session.scalars(select(JobRun.lines_quarantined))) == {0}
        incidents: Counter[tuple[UUID, str]] = Counter()
        for row in await session.scalars(select(AnomalyDay)):
            incidents[row.exam_id, row.kind] += row.incidents
        weeks = await session.scalars(select(ExamWeek))
        return incidents, Counter({row.exam_id: row.attempts for row in weeks})
