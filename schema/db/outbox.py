"""Publishes an event in the transaction of its fact: sequence, envelope and row, once per fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.insertion import insert_once
from schema.db.tables.corrections import CorrectionsOutbox, CorrectionsSequence
from schema.db.tables.monitoring import MonitoringOutbox, MonitoringSequence
from schema.db.tables.reservations import ReservationsOutbox, ReservationsSequence
from schema.events import Envelope, Source
from schema.ids import event_id_for
from schema.publication import Subject, Told

EventRow = ReservationsOutbox | MonitoringOutbox | CorrectionsOutbox
SequenceRow = ReservationsSequence | MonitoringSequence | CorrectionsSequence


@dataclass(frozen=True, slots=True)
class OutboxTables:
    """The outbox and the counter of one schema."""

    source: Source
    event: type[EventRow]
    sequence: type[SequenceRow]


RESERVATIONS = OutboxTables(Source.RESERVATIONS, ReservationsOutbox, ReservationsSequence)
MONITORING = OutboxTables(Source.MONITORING, MonitoringOutbox, MonitoringSequence)
CORRECTIONS = OutboxTables(Source.CORRECTIONS, CorrectionsOutbox, CorrectionsSequence)


async def publish(
    session: AsyncSession, tables: OutboxTables, subject: Subject, told: Iterable[Told], now: datetime
) -> list[Envelope]:
    """Write events that were not written before, numbered without a gap; returns the new ones.

    The counter is locked first, so transactions that tell of one attempt stand in line and see each other.
    """
    counter = await _locked_counter(session, tables, subject)
    new: list[Envelope] = []
    for event in told:
        event_id = event_id_for(tables.source, subject.attempt_id, event.name)
        if await session.get(tables.event, event_id) is None:
            counter.last += 1
            new.append(envelope_of(tables.source, subject, event, counter.last))
            session.add(_row(tables, new[-1], now))
    return new


def envelope_of(source: Source, subject: Subject, told: Told, sequence: int) -> Envelope:
    """The event as it leaves the house."""
    return Envelope(
        event_id=event_id_for(source, subject.attempt_id, told.name),
        type=told.topic,
        occurred_at=told.at,
        organisation_id=subject.organisation_id,
        attempt_id=subject.attempt_id,
        exam_id=subject.exam_id,
        student_id=subject.student_id,
        cohort_id=subject.cohort_id,
        source=source,
        sequence=sequence,
        data=told.data.model_dump(mode="json"),
    )


async def _locked_counter(session: AsyncSession, tables: OutboxTables, subject: Subject) -> SequenceRow:
    counter: SequenceRow | None = await session.get(tables.sequence, subject.attempt_id, with_for_update=True)
    if counter is not None:
        return counter
    await insert_once(session, tables.sequence(attempt_id=subject.attempt_id, last=0))
    made: SequenceRow | None = await session.get(tables.sequence, subject.attempt_id, with_for_update=True)
    if made is None:
        raise LookupError(f"the event counter of attempt {subject.attempt_id} vanished while it was made")
    return made


def _row(tables: OutboxTables, envelope: Envelope, now: datetime) -> EventRow:
    return tables.event(
        event_id=envelope.event_id,
        topic=envelope.type.value,
        attempt_id=envelope.attempt_id,
        sequence=envelope.sequence,
        envelope=envelope.model_dump_json(),
        created_at=now,
    )
