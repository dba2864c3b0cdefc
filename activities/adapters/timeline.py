"""Projects relayed events into `_analytics`, where the timeline and the live screens read them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from schema.db.session import Database
from schema.db.tables.analytics import TimelineEvent
from schema.events import Envelope


class TimelineSink:
    """An EventSink: one row per event, however often it comes."""

    def __init__(self, analytics: Database, now: Now = utc_now) -> None:
        self._analytics = analytics
        self._now = now

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Write those that are not there yet, in one transaction."""
        by_id = {envelope.event_id: envelope for envelope in envelopes}

        async def work(session: AsyncSession) -> None:
            known = select(TimelineEvent.event_id).where(TimelineEvent.event_id.in_(by_id))
            written = set(await session.scalars(known))
            session.add_all([self._row(envelope) for key, envelope in by_id.items() if key not in written])

        await self._analytics.run(work)

    def _row(self, envelope: Envelope) -> TimelineEvent:
        return TimelineEvent(
            event_id=envelope.event_id,
            attempt_id=envelope.attempt_id,
            exam_id=envelope.exam_id,
            student_id=envelope.student_id,
            organisation_id=envelope.organisation_id,
            cohort_id=envelope.cohort_id,
            topic=envelope.type.value,
            source=envelope.source.value,
            sequence=envelope.sequence,
            occurred_at=envelope.occurred_at,
            relayed_at=self._now(),
            data=envelope.data,
        )
