"""Runs made by Airflow's own scheduler: the real jobs on the real lake and databases, and a mail when one fails."""

import asyncio
import mailbox
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.message import Message
from uuid import UUID

import pytest
from sqlalchemy import func, select

from activities.adapters.lake_object import LakeObjectSink
from activities.adapters.store import open_store
from schema.audit import AuditReport, FindingKind, audit_name
from schema.backup import BackupManifest
from schema.db.schemas import METADATA
from schema.db.session import Database
from schema.db.tables.analytics import AnomalyDay, JobRun
from schema.db.tables.users import Person
from schema.events import AnomalyDetected, Envelope, Source, Topic
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.incident import SEVERITY, IncidentKind
from schema.settings import Settings
from tests.stack.airflow.desk import Desk, until
from tests.stack.running import RunningStack
from workers.duty import backup_of
from workers.stack.settings import StackSettings

DAILY, BACKUP, AUDIT, COMPACT = (
    "daily_anomaly_aggregation",
    "database_backup",
    "retention_audit",
    "lake_compaction",
)
EXAM = new_id()
# Days that nobody else's test has events of.
FIRST, SECOND = date(2026, 3, 3), date(2026, 3, 4)


def an_incident(day: date) -> Envelope:
    at = datetime.combine(day, time(10, 30), UTC)
    kind = IncidentKind.TAB_CHANGE
    data = AnomalyDetected(
        incident_id=new_id(),
        kind=kind,
        severity=SEVERITY[kind],
        confidence=0.5,
        started_at=at,
        rule="r",
        model="m",
    )
    return Envelope(
        event_id=new_id(),
        attempt_id=new_id(),
        exam_id=EXAM,
        student_id=new_id(),
        type=Topic.ANOMALY_DETECTED,
        occurred_at=at,
        organisation_id=DEFAULT_ORGANISATION,
        source=Source.MONITORING,
        sequence=1,
        data=data.model_dump(mode="json"),
    )


async def write_events(product: Settings, days: Sequence[date]) -> None:
    """Two objects a day, with an incident each."""
    store = open_store(product)
    for _ in range(2):
        await LakeObjectSink(store).publish([an_incident(day) for day in days])


async def figures(product: Settings, day: date) -> tuple[bool, int]:
    """Whether a day was computed, and how many incidents of our exam were counted."""
    database = Database(product.database_url_of("analytics"))
    counted = select(func.sum(AnomalyDay.incidents)).where(
        AnomalyDay.period_start == day, AnomalyDay.exam_id == EXAM
    )
    try:
        async with database.read() as session:
            run = await session.get(JobRun, (DAILY, day))
            return run is not None, int(await session.scalar(counted) or 0)
    finally:
        await database.close()


def mails(stack: RunningStack, about: str) -> list[Message]:
    box = mailbox.Maildir(stack.var_dir / "mail", create=False)
    return [mail for mail in box if about in str(mail["Subject"])]


def events_of(product: Settings, day: date) -> list[str]:
    folder = f"raw/events/{Topic.ANOMALY_DETECTED}/{day:%Y/%m/%d}"
    return [found.name for found in asyncio.run(open_store(product).list(folder))]


def test_the_scheduler_makes_up_for_a_day_that_was_missed(
    stack: RunningStack, desk: Desk, product: Settings
) -> None:
    """Nobody asks for this run: the day is over, and the DAG is switched on."""
    day = date.fromisoformat(stack.environment["PROCTORWISE_FIRST_DAY"])
    asyncio.run(write_events(product, [day]))

    desk.unpause(DAILY)
    (run, *_) = desk.finished(DAILY, "scheduled", 1)

    assert run["state"] == "success", desk.log(DAILY, run["dag_run_id"], "aggregate")
    assert run["data_interval_start"][:16] == f"{day}T02:00"
    assert asyncio.run(figures(product, day)) == (True, 2)


def test_a_backfill_runs_for_each_day_that_it_spans(desk: Desk, product: Settings) -> None:
    """Days before the first one, which no schedule reaches any more."""
    asyncio.run(write_events(product, [FIRST, SECOND]))
    assert [len(events_of(product, day)) for day in (FIRST, SECOND)] == [2, 2]
    desk.unpause(COMPACT)

    desk.backfill(COMPACT, FIRST, SECOND)
    runs = desk.finished(COMPACT, "backfill", 2)

    assert [run["state"] for run in runs] == ["success", "success"], desk.log(
        COMPACT, runs[0]["dag_run_id"], "compact"
    )
    assert [run["data_interval_start"][:16] for run in runs] == ["2026-03-03T05:00", "2026-03-04T05:00"]
    assert [len(events_of(product, day)) for day in (FIRST, SECOND)] == [1, 1]


@pytest.fixture
def stranger(product: Settings) -> UUID:
    """Frames of an attempt that no database knows: something for an audit to find."""
    attempt_id = new_id()
    name = f"raw/frames/2026/03/03/{attempt_id}/0-9.pack"
    asyncio.run(open_store(product).put(name, b"frames"))
    return attempt_id


def test_a_task_that_fails_is_tried_again_and_then_told_by_mail(
    stack: RunningStack, desk: Desk, product: Settings, stranger: UUID
) -> None:
    desk.unpause(AUDIT)

    run = desk.trigger(AUDIT, FIRST)
    until(lambda: mails(stack, f"{AUDIT} of {FIRST} failed"), "the mail has come", within=380)

    (mail,) = mails(stack, f"{AUDIT} of {FIRST} failed")
    assert mail["To"] == StackSettings().airflow_alerts_to
    assert desk.tries(AUDIT, run, "audit") == 2
    report = asyncio.run(open_store(product).get(audit_name(FIRST)))
    found = {
        (finding.kind, finding.attempt_id) for finding in AuditReport.model_validate_json(report).findings
    }
    assert (FindingKind.NOBODYS, stranger) in found


async def people(product: Settings) -> int:
    database = Database(product.database_url_of("users"))
    try:
        async with database.read() as session:
            return await session.scalar(select(func.count()).select_from(Person)) or 0
    finally:
        await database.close()


async def add_person(product: Settings) -> None:
    database = Database(product.database_url_of("users"))
    person_id = new_id()
    person = Person(
        person_id=person_id,
        organisation_id=DEFAULT_ORGANISATION,
        email=f"{person_id}@example.org",
        display_name="Zoë `Müller`; DROP TABLE person",
        student_number="",
        password_hash="-",
        time_zone="UTC",
        duration_factor=1,
        created_at=datetime.now(UTC),
    )
    try:
        async with database.write() as session:
            session.add(person)
    finally:
        await database.close()


def test_the_backup_of_a_day_comes_back_whole(desk: Desk, product: Settings) -> None:
    asyncio.run(add_person(product))
    desk.unpause(BACKUP)

    (run,) = desk.finished(BACKUP, "scheduled", 1)

    assert run["state"] == "success", desk.log(BACKUP, run["dag_run_id"], "back_up")
    day = datetime.fromisoformat(run["data_interval_start"]).date()
    manifest: BackupManifest = backup_of(product).manifest(day)
    assert {copy.database for copy in manifest.copies} == METADATA.keys()
    (users,) = (copy for copy in manifest.copies if copy.database == "users")
    assert users.rows["person"] == asyncio.run(people(product)) > 0
    assert backup_of(product).try_out(day) == []
