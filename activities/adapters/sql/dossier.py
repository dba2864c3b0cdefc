"""The dossier over five schemas, each read on its own: they meet here, by ids, and nowhere in SQL."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from activities.adapters.sql.dossier_mark import items_of, review_of, round_of
from activities.adapters.sql.hold_book import SqlHoldBook
from activities.adapters.sql.incident_book import SqlIncidentBook
from schema.coverage.figure import WatchCoverage
from schema.db.session import Databases
from schema.db.tables.corrections import ItemMarkRow, MarkingRound, ReviewRow
from schema.db.tables.monitoring import IncidentRow, MessageRow, MonitoringOutbox
from schema.db.tables.reservations import AttemptMove, AttemptRow, ExamVersion, SlotRow
from schema.db.tables.users import Person
from schema.dossier import (
    Dossier,
    DossierIncident,
    DossierItem,
    DossierMessage,
    DossierMove,
    DossierReview,
    DossierRound,
)
from schema.events import Topic
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.incident import EvidenceMoment, Incident
from schema.lag.late import late_by
from schema.retention import Hold


@dataclass(frozen=True, slots=True)
class _Reservation:
    attempt: AttemptRow
    exam: Exam
    slot: SlotRow | None
    moves: tuple[DossierMove, ...]


@dataclass(frozen=True, slots=True)
class _Marks:
    rounds: tuple[DossierRound, ...]
    items: tuple[DossierItem, ...]
    reviews: tuple[DossierReview, ...]


class SqlDossierSource:
    """Implements DossierSource."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._incident_book = SqlIncidentBook(databases.monitoring)
        self._hold_book = SqlHoldBook(databases.reservations)

    async def dossier(self, attempt_id: UUID) -> Dossier:
        """What stands in the report. Raises NOT_FOUND for an attempt that was never reserved."""
        reservation = await self._reservation(attempt_id)
        attempt, slot = reservation.attempt, reservation.slot
        person, number = await self._person(attempt.student_id), attempt.number_at_door
        marks = await self._marks(attempt_id, reservation.exam)
        rules_version, model_version = await self._versions(attempt_id)
        return Dossier(
            attempt_id=attempt_id,
            organisation_id=attempt.organisation_id,
            exam_id=attempt.exam_id,
            exam_title=reservation.exam.title,
            exam_version=attempt.exam_version,
            student_id=attempt.student_id,
            student_name=attempt.name_at_door or (person.display_name if person else "account deleted"),
            student_number=number if number is not None else (person.student_number if person else ""),
            time_zone=person.time_zone if person else "UTC",
            slot_starts_at=slot.starts_at if slot else None,
            slot_ends_at=slot.ends_at if slot else None,
            phase=attempt.phase,
            marking=attempt.marking,
            integrity=attempt.integrity,
            release=attempt.release,
            risk=attempt.risk,
            started_at=attempt.started_at,
            submitted_at=attempt.submitted_at,
            identity_photo=attempt.identity_photo,
            rules_version=rules_version,
            model_version=model_version,
            moves=reservation.moves,
            incidents=await self._incidents(attempt_id),
            rounds=marks.rounds,
            items=marks.items,
            reviews=marks.reviews,
            messages=await self._messages(attempt_id),
            holds=await self.holds(attempt_id),
            coverage=WatchCoverage.model_validate(attempt.coverage) if attempt.coverage else None,
        )

    async def holds(self, attempt_id: UUID) -> tuple[Hold, ...]:
        """Its holds, the oldest first."""
        return tuple(reversed(await self._hold_book.holds(attempt_id)))

    async def _reservation(self, attempt_id: UUID) -> _Reservation:
        moves = select(AttemptMove).where(AttemptMove.attempt_id == attempt_id).order_by(AttemptMove.version)
        async with self._databases.reservations.read() as session:
            attempt = await session.get(AttemptRow, attempt_id)
            if attempt is None:
                raise Failure(
                    FailureType.NOT_FOUND, "there is no such attempt to report on", attempt_id=attempt_id
                )
            version = await session.get(ExamVersion, (attempt.exam_id, attempt.exam_version))
            if version is None:
                what = f"the exam has no version {attempt.exam_version} to report on"
                raise Failure(FailureType.NOT_FOUND, what)
            return _Reservation(
                attempt,
                Exam.model_validate(version.content),
                await session.get(SlotRow, attempt.slot_id),
                tuple(_move(row) for row in await session.scalars(moves)),
            )

    async def _person(self, person_id: UUID) -> Person | None:
        async with self._databases.users.read() as session:
            return await session.get(Person, person_id)

    async def _incidents(self, attempt_id: UUID) -> tuple[DossierIncident, ...]:
        incidents = await self._incident_book.of_attempt(attempt_id)
        query = select(IncidentRow).where(IncidentRow.attempt_id == attempt_id)
        async with self._databases.monitoring.read() as session:
            rows = {row.incident_id: row for row in await session.scalars(query)}
        return tuple(_incident(one, rows.get(one.incident_id)) for one in incidents)

    async def _messages(self, attempt_id: UUID) -> tuple[DossierMessage, ...]:
        rows = select(MessageRow).where(MessageRow.attempt_id == attempt_id).order_by(MessageRow.number)
        async with self._databases.monitoring.read() as session:
            return tuple(DossierMessage(row.at, row.side, row.text) for row in await session.scalars(rows))

    async def _versions(self, attempt_id: UUID) -> tuple[str, str]:
        started = select(MonitoringOutbox.envelope).where(
            MonitoringOutbox.attempt_id == attempt_id,
            MonitoringOutbox.topic == Topic.MONITORING_STARTED.value,
        )
        async with self._databases.monitoring.read() as session:
            envelope = (await session.scalars(started.limit(1))).first()
        data = json.loads(envelope)["data"] if envelope else {}
        return str(data.get("rules_version", "")), str(data.get("model_version", ""))

    async def _marks(self, attempt_id: UUID, exam: Exam) -> _Marks:
        async with self._databases.corrections.read() as session:
            rounds = await session.scalars(select(MarkingRound).where(MarkingRound.attempt_id == attempt_id))
            items = await session.scalars(select(ItemMarkRow).where(ItemMarkRow.attempt_id == attempt_id))
            reviews = await session.scalars(select(ReviewRow).where(ReviewRow.attempt_id == attempt_id))
            return _Marks(
                tuple(round_of(row) for row in _by_round(rounds.all())),
                items_of(items.all(), exam),
                tuple(
                    review_of(row) for row in sorted(reviews, key=lambda row: (row.opened_at, row.review_id))
                ),
            )


def _incident(incident: Incident, row: IncidentRow | None) -> DossierIncident:
    if row is None:
        return DossierIncident(incident, "", "")
    at = [one.captured_at for one in incident.evidence if one.moment is EvidenceMoment.AT]
    late = late_by(min(at, default=incident.started_at), row.created_at)
    return DossierIncident(incident, row.ruling, row.ruling_reason, late)


def _by_round(rows: Sequence[MarkingRound]) -> list[MarkingRound]:
    return sorted(rows, key=lambda row: row.round_number)


def _move(row: AttemptMove) -> DossierMove:
    return DossierMove(row.at, row.machine, row.source, row.verb, row.target, row.actor_role, row.reason)
