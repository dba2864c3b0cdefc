"""Tells the proctors of a high risk that they read of in an event: once, whoever else tells them too."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from activities.notify import NotifyActivities
from schema.events import Envelope, HighRiskAlert, Topic
from schema.notice import Audience, Notify, Occasion

LOG = logging.getLogger(__name__)
# An alarm is for the exam that is going on: a group that reads a topic from its beginning wakes nobody.
FRESH = timedelta(hours=1)


class AlarmSink:
    """An EventSink for `high_risk_alert`; its notices are word for word those of MonitoringWorkflow.

    Notices and mails are one per person and occasion, so whichever of the two comes first is the only one.
    A mail that cannot be sent yet is left to the mail loop.
    """

    def __init__(self, notices: NotifyActivities, clock: Callable[[], datetime]) -> None:
        self._notices = notices
        self._clock = clock
        self.stale = 0

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns once everyone has the notice."""
        for event in envelopes:
            if event.type is Topic.HIGH_RISK_ALERT:
                await self._tell(event)

    async def _tell(self, event: Envelope) -> None:
        if self._clock() - event.occurred_at > FRESH:
            self.stale += 1
            LOG.info("nobody is told of alert %s any more: it is of %s", event.event_id, event.occurred_at)
            return
        await self._notices.tell_by_and_by(_notice(event))


def _notice(event: Envelope) -> Notify:
    alert = HighRiskAlert.model_validate(event.data)
    return Notify(
        occasion=Occasion.HIGH_RISK,
        key=str(alert.incident_id),
        audience=Audience.PROCTORS,
        attempt_id=event.attempt_id,
        exam_id=event.exam_id,
        facts=_facts(alert),
        at=event.occurred_at,
    )


def _facts(alert: HighRiskAlert) -> dict[str, str]:
    facts = {
        "incident_id": str(alert.incident_id),
        "incident_kind": alert.kind.value,
        "severity": "" if alert.severity is None else alert.severity.value,
        "started_at": "" if alert.started_at is None else alert.started_at.isoformat(),
        "risk": f"{alert.risk:.1f}",
    }
    return {name: fact for name, fact in facts.items() if fact}
