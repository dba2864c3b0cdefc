"""Incidents of an attempt over `_monitoring`, and the events about watching itself."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.incident_row import amend, incident_of, new_incident_row
from schema.absence import changes_of
from schema.db.outbox import MONITORING, publish
from schema.db.session import Database
from schema.db.tables.monitoring import EvidenceRow, IncidentRow
from schema.incident import Incident
from schema.publication import Told, subject_of, told_by_alert, told_by_change, told_by_end, told_by_start
from schema.review import IntegrityVerdict, ReviewDecision
from schema.task import DetectorDown, MonitoringEnd, MonitoringInput, MonitoringStart, RaiseAlert


class SqlIncidentBook:
    """Implements IncidentBook."""

    def __init__(self, monitoring: Database, now: Now = utc_now) -> None:
        self._monitoring = monitoring
        self._now = now

    async def of_attempt(self, attempt_id: UUID) -> Sequence[Incident]:
        """All incidents with their evidence, by start."""
        incidents = select(IncidentRow).where(IncidentRow.attempt_id == attempt_id)
        evidence: dict[UUID, list[EvidenceRow]] = defaultdict(list)
        async with self._monitoring.read() as session:
            rows = (
                await session.scalars(incidents.order_by(IncidentRow.started_at, IncidentRow.incident_id))
            ).all()
            for shot in await session.scalars(
                select(EvidenceRow).where(EvidenceRow.attempt_id == attempt_id)
            ):
                evidence[shot.incident_id].append(shot)
        return [incident_of(row, evidence[row.incident_id]) for row in rows]

    async def rule(self, attempt_id: UUID, decision: ReviewDecision) -> None:
        """Write a reviewer's rulings; publish nothing. Rulings on other attempts' incidents are not written."""
        if not isinstance(decision.verdict, IntegrityVerdict):
            return
        rulings = decision.verdict.incidents

        async def work(session: AsyncSession) -> None:
            for ruling in rulings:
                of_attempt = (
                    IncidentRow.incident_id == ruling.incident_id,
                    IncidentRow.attempt_id == attempt_id,
                )
                said = {"ruling": ruling.ruling.value, "ruling_reason": ruling.reason}
                await session.execute(update(IncidentRow).where(*of_attempt).values(**said))

        await self._monitoring.run(work)

    async def publish_start(self, start: MonitoringStart) -> None:
        """Publish `monitoring_started` once."""
        await self._publish(start.monitoring, told_by_start(start))

    async def publish_end(self, end: MonitoringEnd) -> None:
        """Publish `monitoring_stopped` once."""
        await self._publish(end.monitoring, told_by_end(end))

    async def publish_alert(self, alert: RaiseAlert) -> None:
        """Publish `high_risk_alert` once per incident."""
        await self._publish(alert.monitoring, told_by_alert(alert))

    async def record_detector_down(self, down: DetectorDown) -> None:
        """Open or close the technical incident `detector_down`."""

        async def work(session: AsyncSession) -> None:
            for change in changes_of(down):
                row = await session.get(IncidentRow, change.incident.incident_id)
                if row is None:
                    session.add(new_incident_row(down.monitoring.attempt_id, change.incident, self._now()))
                else:
                    amend(row, change.incident)
                told = told_by_change(change)
                await publish(session, MONITORING, subject_of(down.monitoring), told, self._now())

        await self._monitoring.run(work)

    async def _publish(self, monitoring: MonitoringInput, told: Told) -> None:
        async def work(session: AsyncSession) -> None:
            await publish(session, MONITORING, subject_of(monitoring), [told], self._now())

        await self._monitoring.run(work)
