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
MORE = 3  # so many others are told of while it lasts; fewer where that is as many again


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
        self._told: dict[UUID, datetime] = {}  # when each of them was late last

    async def step(self) -> None:
        """Tell once that detection is behind; again once others are, or after it has kept up for a while."""
        now = self._now()
        lags = await self._source.lags(now)
        late = {attempt_id: lag for attempt_id, lag in lags.items() if lag > LATE_AFTER}
        self._told |= dict.fromkeys(self._told.keys() & late.keys(), now)
        self._told = {one: at for one, at in self._told.items() if now - at < CALM}
        others = {attempt_id: lag for attempt_id, lag in late.items() if attempt_id not in self._told}
        # One that nobody can watch must not silence what is said of the others, nor each of them say it again.
        if len(others) >= min(MORE, len(self._told)) and max(others.values(), default=NONE) > ALERT_AFTER:
            await self._tell(now, max(others.values()), len(late))
            self._told |= dict.fromkeys(others, now)

    async def _tell(self, now: datetime, worst: timedelta, attempts: int) -> None:
        """`worst` is the longest wait of those that were not told of before."""
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
