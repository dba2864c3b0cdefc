"""Rows of incidents and evidence in `_monitoring` from plain values, and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from schema.db.tables.monitoring import EvidenceRow, IncidentRow
from schema.ids import evidence_id_for
from schema.incident import Evidence, EvidenceMoment, Incident, IncidentKind, Severity


def new_incident_row(attempt_id: UUID, incident: Incident, now: datetime) -> IncidentRow:
    """The row of an incident."""
    return IncidentRow(
        incident_id=incident.incident_id,
        attempt_id=attempt_id,
        kind=incident.kind.value,
        severity=incident.severity.value,
        opening_offset=incident.opening_offset,
        started_at=incident.started_at,
        ended_at=incident.ended_at,
        confidence=incident.confidence,
        rule=incident.rule,
        model=incident.model,
        created_at=now,
    )


def amend(row: IncidentRow, incident: Incident) -> None:
    """Write what may change while an incident is open; rulings and acknowledgements stay."""
    row.ended_at, row.confidence, row.rule = incident.ended_at, incident.confidence, incident.rule


def new_evidence_row(attempt_id: UUID, incident_id: UUID, evidence: Evidence) -> EvidenceRow:
    """The row of an evidence frame."""
    return EvidenceRow(
        evidence_id=evidence_id_for(incident_id, evidence.moment, evidence.offset),
        incident_id=incident_id,
        attempt_id=attempt_id,
        moment=evidence.moment.value,
        offset=evidence.offset,
        captured_at=evidence.captured_at,
        boxes=[list(box) for box in evidence.boxes],
    )


def incident_of(row: IncidentRow, evidence: Iterable[EvidenceRow]) -> Incident:
    """A stored incident; evidence by offset."""
    return Incident(
        incident_id=row.incident_id,
        kind=IncidentKind(row.kind),
        severity=Severity(row.severity),
        opening_offset=row.opening_offset,
        started_at=row.started_at,
        ended_at=row.ended_at,
        confidence=row.confidence,
        rule=row.rule,
        model=row.model,
        evidence=tuple(_evidence(shot) for shot in sorted(evidence, key=lambda shot: shot.offset)),
    )


def _evidence(row: EvidenceRow) -> Evidence:
    return Evidence(
        moment=EvidenceMoment(row.moment),
        offset=row.offset,
        captured_at=row.captured_at,
        boxes=tuple(_box(box) for box in row.boxes),
    )


def _box(box: Sequence[str | float]) -> tuple[str, float, float, float, float, float]:
    label, left, top, right, bottom, score = box
    return str(label), float(left), float(top), float(right), float(bottom), float(score)
