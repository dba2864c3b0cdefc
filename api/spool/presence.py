"""Tells the monitoring workflow when a browser is gone for a while and when it is back: few signals, never a stream."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from activities.ports import IncidentSignaller
from api.spool.attempt import SpooledAttempt
from schema.failures import Failure
from schema.stream import Presence

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(seconds=15)  # a reconnection takes less
MOST_SIGNALS = 40  # of an attempt; a history has room for 200 in all
_AWAY = frozenset({Presence.MISSING, Presence.DEGRADED})


@dataclass(slots=True)
class _Told:
    away_since: datetime | None = None
    is_lost: bool = False
    signals: int = 0


class PresenceTeller:
    """Remembers per attempt what the workflow was told."""

    def __init__(self, signaller: IncidentSignaller) -> None:
        self._signaller = signaller
        self._told: dict[UUID, _Told] = {}

    async def look(self, attempts: Iterable[SpooledAttempt], now: datetime) -> None:
        """Signal what changed for good; what Temporal does not take is tried again in the next round."""
        for attempt in attempts:
            if attempt.presence is Presence.CLOSED:
                self._told.pop(attempt.attempt_id, None)
            elif attempt.epoch:
                await self._look_at(attempt, self._told.setdefault(attempt.attempt_id, _Told()), now)

    async def _look_at(self, attempt: SpooledAttempt, told: _Told, now: datetime) -> None:
        if attempt.presence not in _AWAY:
            told.away_since = None
            if told.is_lost:
                await self._signal(attempt.attempt_id, told, is_lost=False)
            return
        told.away_since = told.away_since or now
        if not told.is_lost and now - told.away_since >= LOST_AFTER:
            await self._signal(attempt.attempt_id, told, is_lost=True)

    async def _signal(self, attempt_id: UUID, told: _Told, *, is_lost: bool) -> None:
        if is_lost and told.signals >= MOST_SIGNALS:
            return
        try:
            await self._signaller.signal(attempt_id, "presence_lost" if is_lost else "presence_back", "")
        except Failure as failure:
            log.warning("attempt %s: %s", attempt_id, failure.message)
        else:
            told.is_lost = is_lost
            told.signals += 1
