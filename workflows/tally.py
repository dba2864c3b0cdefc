"""Counts what monitoring learns of an attempt: incidents by id, the risk score, and how many signals that took."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.incident import IncidentSignal, Severity
    from schema.risk import RiskPolicy, raises_alert, score_of

SIGNALS_KEPT = 200
GRAVE = frozenset({Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL})


class Tally:
    """Incidents deduplicated by id. Past SIGNALS_KEPT only new ones from MEDIUM up count: a broken camera can
    open hundreds of small ones, and those stand in the database all the same.
    """

    def __init__(self, policy: RiskPolicy) -> None:
        self._policy = policy
        self._incidents: dict[UUID, IncidentSignal] = {}
        self._signals = 0
        self.risk = 0.0

    @property
    def incidents(self) -> tuple[IncidentSignal, ...]:
        """In the order they became known."""
        return tuple(self._incidents.values())

    def add(self, incident: IncidentSignal) -> bool:
        """Count an incident, or its end; True when proctors must be told of it now."""
        self._signals += 1
        known = self._incidents.get(incident.incident_id)
        if known is not None:
            ended_at = incident.ended_at or known.ended_at
            self._incidents[incident.incident_id] = known.model_copy(update={"ended_at": ended_at})
            return False
        if self._signals > SIGNALS_KEPT and incident.severity not in GRAVE:
            return False
        return self._count(incident)

    def _count(self, incident: IncidentSignal) -> bool:
        before = self.risk
        self._incidents[incident.incident_id] = incident
        self.risk = before + score_of(incident, self._policy)
        return raises_alert(before, incident, self._policy)
