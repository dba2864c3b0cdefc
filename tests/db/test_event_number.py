"""After a loss of power the counters go on from what others were told: no number is given twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from activities.adapters.files import FileStore
from activities.adapters.lake import LakeSink
from activities.adapters.lake_number import events_since
from activities.adapters.sql.event_number import SqlEventNumbers
from activities.adapters.timeline import TimelineSink
from schema.db.outbox import MONITORING, RESERVATIONS, OutboxTables, envelope_of, publish
from schema.db.session import Database, Databases
from schema.events import Envelope, IncidentClosed
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.incident import IncidentKind, Severity
from schema.publication import Subject, Told
from tests.contracts.builder import NOON

SUBJECT = Subject(DEFAULT_ORGANISATION, new_id(), new_id(), new_id(), None)


def fact(name: str) -> Told:
    closed = IncidentClosed(
        incident_id=new_id(), kind=IncidentKind.PASTE, severity=Severity.LOW, confidence=1.0,
        started_at=NOON, ended_at=NOON,
    )  # fmt: skip
    return Told(name, NOON, closed)


async def published(database: Database, tables: OutboxTables, *names: str) -> list[Envelope]:
    async def work(session):  # type: ignore[no-untyped-def]
        return await publish(session, tables, SUBJECT, [fact(name) for name in names], NOON)

    envelopes: list[Envelope] = await database.run(work)
    return envelopes


@pytest.mark.parametrize("is_in_the_lake", [True, False])
async def test_numbers_that_were_told_are_not_given_again(
    databases: Databases, tmp_path: Path, is_in_the_lake: bool
) -> None:
    await published(databases.monitoring, MONITORING, "one", "two")
    lost = [envelope_of(MONITORING.source, SUBJECT, fact(f"lost {number}"), number) for number in (3, 4, 5)]
    sink = LakeSink(tmp_path) if is_in_the_lake else TimelineSink(databases.analytics)
    await sink.publish(lost)
    counters = SqlEventNumbers(databases)

    lake = await events_since(FileStore(tmp_path), NOON.date() - timedelta(days=1), NOON.date())
    told = dict(await counters.told()) | lake.numbers
    raised = await counters.raise_to(told)
    (after,) = await published(databases.monitoring, MONITORING, "after")
    (elsewhere,) = await published(databases.reservations, RESERVATIONS, "elsewhere")

    assert raised == 1
    assert (after.sequence, elsewhere.sequence) == (6, 1)
    assert await counters.raise_to(told) == 0


async def test_an_attempt_the_database_never_heard_of_is_numbered_on_too(databases: Databases) -> None:
    counters = SqlEventNumbers(databases)

    await counters.raise_to({(SUBJECT.attempt_id, RESERVATIONS.source): 7})

    (after,) = await published(databases.reservations, RESERVATIONS, "after")
    assert after.sequence == 8
