"""The in-memory twin of the IncidentBook."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.memory.monitoring import MemoryMonitoring
from schema.absence import changes_of
from schema.incident import Incident
from schema.publication import Told, subject_of, told_by_alert, told_by_end, told_by_start
from schema.review import IntegrityVerdict, ReviewDecision
from schema.task import DetectorDown, MonitoringEnd, MonitoringInput, MonitoringStart, RaiseAlert


class MemoryIncidentBook:
    """Implements IncidentBook."""

    def __init__(self, monitoring: MemoryMonitoring) -> None:
        self._monitoring = monitoring

    async def of_attempt(self, attempt_id: UUID) -> Sequence[Incident]:
        """All incidents with their evidence, by start."""
        found = [
            known.incident for known in self._monitoring.incidents.values() if known.attempt_id == attempt_id
        ]
        return sorted(found, key=lambda incident: (incident.started_at, incident.incident_id))

    async def rule(self, attempt_id: UUID, decision: ReviewDecision) -> None:
        """Write a reviewer's rulings; publish nothing."""
        if not isinstance(decision.verdict, IntegrityVerdict):
            return
        for ruling in decision.verdict.incidents:
            known = self._monitoring.incidents.get(ruling.incident_id)
            if known is not None and known.attempt_id == attempt_id:
                known.ruling, known.ruling_reason = ruling.ruling, ruling.reason

    async def publish_start(self, start: MonitoringStart) -> None:
        """Publish `monitoring_started` once."""
        self._publish(start.monitoring, told_by_start(start))

    async def publish_end(self, end: MonitoringEnd) -> None:
        """Publish `monitoring_stopped` once."""
        self._publish(end.monitoring, told_by_end(end))

    async def publish_alert(self, alert: RaiseAlert) -> None:
        """Publish `high_risk_alert` once per incident."""
        self._publish(alert.monitoring, told_by_alert(alert))

    async def record_detector_down(self, down: DetectorDown) -> None:
        """Open or close the technical incident `detector_down`."""
        for change in changes_of(down):
            self._monitoring.write(subject_of(down.monitoring), change)

    def _publish(self, monitoring: MonitoringInput, told: Told) -> None:
        self._monitoring.outbox.publish(subject_of(monitoring), [told])
