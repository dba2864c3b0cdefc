"""Tells the administrators, wherever they are, that what students send waits too long for a detector."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from activities.notify import NotifyActivities
from schema.lag.age import ALERT_AFTER, LATE_AFTER, NONE
from schema.notice import Audience, Notify, Occasion

LOG = logging.getLogger(__name__)
CALM = timedelta(seconds=30)  # so long it must keep up before the next time is another one


class LagSource(Protocol):
    """Knows what waits for analysis (schema `_monitoring`)."""

    async def lags(
        self, now: datetime, attempt_ids: Collection[UUID] | None = None
    ) -> Mapping[UUID, timedelta]:
        """The lag of each attempt for whose records a detector is awaited."""


class LagLoop:
    """A loop of the `proctor-io` worker. Several may run at once: each time is named by its oldest record."""

    def __init__(
        self,
        source: LagSource,
        notices: NotifyActivities,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._source = source
        self._notices = notices
        self._now = now
        self._is_told = False
        self._calm_since: datetime | None = None

    async def step(self) -> None:
        """Tell once that detection is behind; again only after it has kept up for a while."""
        now = self._now()
        lags = (await self._source.lags(now)).values()
        worst = max(lags, default=NONE)
        if worst > ALERT_AFTER and not self._is_told:
            await self._tell(now, worst, sum(lag > LATE_AFTER for lag in lags))
            self._is_told = True
        self._calm_since = (self._calm_since or now) if worst <= LATE_AFTER else None
        if self._calm_since is not None and now - self._calm_since >= CALM:
            self._is_told = False

    async def _tell(self, now: datetime, worst: timedelta, attempts: int) -> None:
        since = (now - worst).replace(microsecond=0).isoformat()
        LOG.error("detection of %d attempts is behind, the oldest record waits since %s", attempts, since)
        notice = Notify(
            occasion=Occasion.DETECTION_BEHIND,
            key=since,
            audience=Audience.ADMINS,
            attempt_id=None,
            facts={
                "waiting_since": since,
                "attempts": str(attempts),
                "seconds": f"{worst.total_seconds():.0f}",
            },
            at=now,
        )
        await self._notices.tell_by_and_by(notice)
