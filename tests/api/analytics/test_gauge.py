"""What Prometheus is told of the product: counts of real rows, read seldom, and no number where nothing answers."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from activities.adapters.quarantine import Quarantine
from activities.adapters.sql.orphan_book import SqlOrphanBook
from activities.orphan.port import Orphan
from api.analytics.gauge import KEPT, Gauges
from api.app import create_app
from schema.db.session import Databases
from schema.db.tables.monitoring import IncidentRow, MonitoringOutbox
from schema.ids import new_id
from schema.orphan import Trouble
from schema.period import Job
from schema.queue import WorkflowType
from schema.settings import Part, Settings
from tests.api.analytics.jobs import Results
from tests.api.analytics.test_workload import review
from tests.api.conftest import serving
from tests.api.house import House, MovableClock

Told = dict[tuple[str, tuple[str, ...]], float]


async def told(house: House) -> Told:
    """Values by name and labels, which come in the order of their names."""
    answer = await house.client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("proctorwise_"), tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def reserved(gauges: Gauges) -> float:
    """How many attempts it says are reserved."""
    (attempts,) = (family for family in gauges.collect() if family.name == "proctorwise_attempts")
    return next(one.value for one in attempts.samples if "reserved" in one.labels.values())


async def incident(house: House, kind: str, ago: timedelta) -> None:
    now = house.clock()
    row = IncidentRow(
        incident_id=new_id(), attempt_id=new_id(), kind=kind, severity="low", opening_offset=1, started_at=now,
        confidence=1.0, rule="r", model="m", created_at=now - ago,
    )  # fmt: skip
    async with house.context.databases.monitoring.write() as session:
        session.add(row)


async def event(house: House, sequence: int, ago: timedelta, is_published: bool) -> None:
    now = house.clock()
    row = MonitoringOutbox(
        event_id=new_id(), topic="anomaly_detected", attempt_id=new_id(), sequence=sequence, envelope="{}",
        created_at=now - ago, published_at=now if is_published else None,
    )  # fmt: skip
    async with house.context.databases.monitoring.write() as session:
        session.add(row)


async def test_what_the_sweep_found_is_counted_by_kind_and_trouble(house: House) -> None:
    book, now = SqlOrphanBook(house.context.databases.reservations), house.clock()
    found = [
        Orphan("attempt:1", WorkflowType.ATTEMPT, Trouble.GONE, new_id(), now),
        Orphan("attempt:2", WorkflowType.ATTEMPT, Trouble.GONE, new_id(), now),
        Orphan("attempt:3", WorkflowType.ATTEMPT, Trouble.OVERDUE, new_id(), now),
        Orphan("cohort:1:2", WorkflowType.COHORT, Trouble.GONE, None, now),
    ]
    await book.report(found, now)
    await book.close(found[0], "repaired", now)

    seen = await told(house)

    counts = {labels: many for (name, labels), many in seen.items() if name == "orphans"}
    assert {labels: many for labels, many in counts.items() if many} == {
        ("AttemptWorkflow", "gone"): 1,
        ("AttemptWorkflow", "overdue"): 1,
        ("CohortWorkflow", "gone"): 1,
    }
    kinds = {"AttemptWorkflow", "ReviewWorkflow", "RetentionWorkflow", "CohortWorkflow"}
    assert counts.keys() == {(kind, trouble) for kind in kinds for trouble in Trouble}


async def test_attempts_incidents_and_reviews_are_counted(house: House) -> None:
    exam = await house.exam()
    slot_id = await house.slot(exam)
    for phase in ("reserved", "reserved", "submitted"):
        await house.attempt(new_id(), exam, slot_id, phase)
    for kind, minutes in (("paste", 1), ("paste", 59), ("paste", 61), ("face_absent", 2)):
        await incident(house, kind, timedelta(minutes=minutes))
    await review(house, house.clock() - timedelta(days=4))
    await review(house, house.clock(), stage="assigned", assignee_id=new_id())

    found = await told(house)

    phases = {labels[0]: value for (name, labels), value in found.items() if name == "attempts" and value}
    kinds = {
        labels[0]: value for (name, labels), value in found.items() if name == "incidents_last_hour" and value
    }
    assert phases == {"reserved": 2, "submitted": 1}
    assert kinds == {"paste": 2, "face_absent": 1}
    assert found["attempts", ("paused",)] == 0
    assert found["reviews_waiting", ("essay", "open")] == 1
    assert found["reviews_waiting", ("essay", "assigned")] == 1
    assert found["reviews_overdue", ("essay",)] == 1
    assert found["reviews_overdue", ("appeal",)] == 0


async def test_what_the_relay_has_not_taken(house: House) -> None:
    await event(house, 1, timedelta(minutes=10), is_published=True)
    await event(house, 2, timedelta(seconds=90), is_published=False)
    await event(house, 3, timedelta(seconds=30), is_published=False)

    found = await told(house)

    assert found["outbox_waiting", ("projection", "monitoring")] == 2
    assert found["outbox_oldest_seconds", ("projection", "monitoring")] == 90
    assert found["outbox_oldest_seconds", ("projection", "corrections")] == 0
    assert {labels[0] for name, labels in found if name == "outbox_waiting"} == {"projection"}


async def test_how_far_the_jobs_are(house: House, results: Results) -> None:
    await results.ran(Job.ANOMALIES, date(2027, 1, 8), lines_quarantined=2)
    await results.ran(Job.ANOMALIES, date(2027, 1, 9), lines_quarantined=3, late_events=1)

    found = await told(house)

    job = (Job.ANOMALIES.value,)
    assert found["job_lines_quarantined", job] == 5
    assert found["job_late_events", job] == 1
    assert found["job_last_period_timestamp_seconds", job] == 1799452800  # 2027-01-09
    assert found["job_age_seconds", job] == 31 * 3600
    assert ("job_age_seconds", (Job.GRADES.value,)) not in found
    assert found["job_lines_quarantined", (Job.GRADES.value,)] == 0


async def test_gauges_are_read_every_few_seconds_only(house: House) -> None:
    exam = await house.exam()
    seldom, always = (Gauges(house.context, kept) for kept in (timedelta(hours=1), timedelta(0)))
    for gauges in (seldom, always):
        await gauges.refresh()
    await house.attempt(new_id(), exam, await house.slot(exam))

    for gauges in (seldom, always):
        await gauges.refresh()

    assert [reserved(gauges) for gauges in (seldom, always)] == [0, 1]
    assert timedelta(0) < KEPT < timedelta(seconds=10)


async def test_requests_are_counted_beside_them(house: House) -> None:
    await told(house)

    assert (await told(house))["http_requests_total", ("GET", "/metrics", "200")] == 1


async def test_a_schema_that_does_not_answer_has_no_numbers(house: House) -> None:
    async with house.context.databases.monitoring.write() as session:
        await session.execute(text("DROP TABLE incident"))

    found = await told(house)

    assert found["source_up", ("monitoring",)] == 0
    assert found["source_up", ("reservations",)] == 1
    assert not [name for name, _ in found if name == "incidents_last_hour"]


@pytest.mark.parametrize(
    ("given", "relays"),
    [
        ({"kafka_bootstrap": "127.0.0.1:9"}, {"projection", "kafka"}),
        ({"kafka_bootstrap": "127.0.0.1:9", "enable_kafka_consumer": True}, {"projection", "kafka"}),
    ],
)
async def test_each_relay_that_runs_has_its_backlog(
    tmp_path: Path, databases: Databases, clock: MovableClock, given: dict[str, object], relays: set[str]
) -> None:
    settings = Settings.model_validate({"var_dir": tmp_path, "demo_accounts": False, **given})
    app = create_app(settings, frozenset({Part.ANALYTICS}), databases=databases, clock=clock)
    async with serving(app) as client:
        found = await told(House(client, app.state.context, clock))

    assert {labels[0] for name, labels in found if name == "outbox_waiting"} == relays


async def test_only_analytics_shows_the_gauges(settings: Settings, databases: Databases) -> None:
    app: FastAPI = create_app(settings, frozenset({Part.USERS}), databases=databases)
    async with serving(app) as client:
        answer = await client.get("/metrics")

    assert "proctorwise_attempts" not in answer.text
    assert answer.status_code == 200


async def test_an_application_may_be_served_again(app: FastAPI) -> None:
    for _ in range(2):
        async with serving(app) as client:
            assert "proctorwise_attempts{" in (await client.get("/metrics")).text


async def test_what_lies_in_quarantine_is_counted_by_topic(house: House) -> None:
    quarantine = Quarantine(house.context.store)
    for place in ("0-1", "0-2", "0-2"):
        await quarantine.keep("anomaly_detected", place, b"no event", "not JSON")

    found = await told(house)

    kept = {
        labels[0]: value for (name, labels), value in found.items() if name == "events_quarantined" and value
    }
    assert kept == {"anomaly_detected": 2}
    assert found["events_quarantined", ("exam_scheduled",)] == 0
