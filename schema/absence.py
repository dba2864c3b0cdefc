"""The technical incident `detector_down`: nobody was watching, which is recorded and never held against anybody."""

from datetime import UTC, datetime, timedelta

from schema.analysis import ChangeKind, IncidentChange
from schema.ids import incident_id_for
from schema.incident import SEVERITY, Incident, IncidentKind
from schema.task import DetectorDown

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_OFFSET = 0  # it was seen in no record


def changes_of(down: DetectorDown) -> tuple[IncidentChange, ...]:
    """It opened, and closed too once `until` is known; its id comes from the moment since when nobody watched."""
    kind = IncidentKind.DETECTOR_DOWN
    milliseconds = (down.since - EPOCH) // timedelta(milliseconds=1)
    incident = Incident(
        incident_id=incident_id_for(down.monitoring.attempt_id, kind, milliseconds),
        kind=kind,
        severity=SEVERITY[kind],
        opening_offset=NO_OFFSET,
        started_at=down.since,
        ended_at=down.until,
        confidence=1.0,
        rule="no detector was following the attempt's frames",
        model=down.monitoring.model_version,
    )
    opened = IncidentChange(ChangeKind.OPENED, incident)
    return (opened,) if down.until is None else (opened, IncidentChange(ChangeKind.CLOSED, incident))
