"""What the node writes into the stream of a browser whose times are not believed, and when it does not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from api.spool.clock.claim import Claim, Doubt
from schema.record import ConnectionFact, ConnectionFactKind

EVERY = timedelta(seconds=1)
RIGHT_AFTER = timedelta(seconds=3)  # without a doubt
SLOW = timedelta(seconds=2)  # an answer that takes longer waits behind pictures
UNANSWERED = timedelta(seconds=10)  # and as long as the pictures before it are late
LONGEST = timedelta(minutes=15)


class ClockWitness:
    """Writes `clock_wrong` once a second while claims are doubted, `clock_right` when they are believed again.

    Lateness alone may be a slow network's: then an answer to a ping is late as well, and nothing is written.
    """

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._wrong_at: datetime | None = None
        self._written_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._trip: timedelta | None = None

    def answered(self, now: datetime) -> None:
        """The browser has answered a ping."""
        if self._asked_at is not None and self._trip is None:
            self._trip = now - self._asked_at

    def fact(self, claim: Claim, now: datetime, interval_ms: int) -> ConnectionFact | None:
        """What is to be written before this record."""
        if claim.doubt is None:
            return self._right(now, interval_ms)
        if claim.doubt is Doubt.LATE and self._is_slow(now, -claim.off):
            return None
        self._wrong_at = now
        if self._written_at is not None and now - self._written_at < EVERY:
            return None
        self._written_at = now
        off = round(claim.off / timedelta(milliseconds=1))
        kind = ConnectionFactKind.CLOCK_WRONG
        return ConnectionFact(kind=kind, interval_ms=interval_ms, detail=claim.doubt.value, off_ms=off)

    def _right(self, now: datetime, interval_ms: int) -> ConnectionFact | None:
        if self._wrong_at is None or now - self._wrong_at < RIGHT_AFTER:
            return None
        self._wrong_at = self._written_at = None
        return ConnectionFact(kind=ConnectionFactKind.CLOCK_RIGHT, interval_ms=interval_ms)

    def _is_slow(self, now: datetime, lateness: timedelta) -> bool:
        patience = UNANSWERED + min(LONGEST, lateness)
        if self._asked_at is None or (self._trip is not None and now - self._asked_at > patience):
            self._asked_at, self._trip = now, None
            self._ask()
            return True
        return self._trip > SLOW if self._trip is not None else now - self._asked_at < patience
