"""Which change of an incident a monitoring workflow is told by signal: scored ones that opened or closed."""

from schema.analysis import ChangeKind, IncidentChange
from schema.incident import Incident, IncidentSignal

SIGNAL_OF = {ChangeKind.OPENED: "incident_opened", ChangeKind.CLOSED: "incident_closed"}


def owed_by(change: IncidentChange) -> str | None:
    """The name of the owed signal. Technical incidents are recorded and never reach a history; nor do amendments."""
    return SIGNAL_OF.get(change.change) if change.incident.is_scored else None


def signal_of(incident: Incident) -> IncidentSignal:
    """What the workflow learns of it."""
    return IncidentSignal(
        incident_id=incident.incident_id,
        kind=incident.kind,
        severity=incident.severity,
        confidence=incident.confidence,
        started_at=incident.started_at,
        ended_at=incident.ended_at,
    )
