"""Publishes what monitoring found, and writes down what people said of it."""

from temporalio import activity

from activities.ports import IncidentBook
from schema.incident import IncidentKind
from schema.owed import signal_of
from schema.task import (
    DetectorDown,
    MonitoringEnd,
    MonitoringKnown,
    MonitoringStart,
    RaiseAlert,
    RulingsDecided,
)


class IncidentActivities:
    """Each publishes or writes once, by attempt or incident."""

    def __init__(self, incidents: IncidentBook) -> None:
        self._incidents = incidents

    @activity.defn
    async def publish_start(self, start: MonitoringStart) -> MonitoringKnown | None:
        """Publish `monitoring_started`; returns what was found before, where watching begins again."""
        await self._incidents.publish_start(start)
        found = await self._incidents.of_attempt(start.monitoring.attempt_id)
        return MonitoringKnown(
            incidents=tuple(
                signal_of(incident) for incident in found if incident.kind is not IncidentKind.DETECTOR_DOWN
            )
        )

    @activity.defn
    async def publish_end(self, end: MonitoringEnd) -> None:
        """Publish `monitoring_stopped`."""
        await self._incidents.publish_end(end)

    @activity.defn
    async def raise_alert(self, alert: RaiseAlert) -> None:
        """Publish `high_risk_alert`."""
        await self._incidents.publish_alert(alert)

    @activity.defn
    async def record_rulings(self, rulings: RulingsDecided) -> None:
        """Write a reviewer's rulings onto the incidents."""
        await self._incidents.rule(rulings.attempt_id, rulings.decision)

    @activity.defn
    async def record_detector_down(self, down: DetectorDown) -> None:
        """Open or close the technical incident `detector_down`."""
        await self._incidents.record_detector_down(down)
