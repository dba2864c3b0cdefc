"""Notifications on the screen over `_notifications`."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.notifications import NotificationRow
from schema.ids import notification_id_for


class SqlNotificationBook:
    """Implements NotificationBook."""

    def __init__(self, notifications: Database, now: Now = utc_now) -> None:
        self._notifications = notifications
        self._now = now

    async def add(
        self,
        person_id: UUID,
        occasion: str,
        kind: str,
        facts: dict[str, str],
        *,
        attempt_id: UUID | None = None,
    ) -> None:
        """One per person and occasion."""
        notification_id = notification_id_for(person_id, occasion)

        async def work(session: AsyncSession) -> None:
            if await session.get(NotificationRow, notification_id) is None:
                row = NotificationRow(
                    notification_id=notification_id,
                    person_id=person_id,
                    attempt_id=attempt_id,
                    kind=kind,
                    data=dict(facts),
                    created_at=self._now(),
                )
                await insert_once(session, row)

        await self._notifications.run(work)
