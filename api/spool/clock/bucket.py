"""How many frames a stream may send: as many as it was asked for, a few at once, and what a gap has left.

A stream that is faster is slowed first: the node reads no further for half an interval, and the network holds the rest
back. What comes faster still is refused, and is wanted later: a browser keeps it and sends it again.
"""

from datetime import datetime, timedelta

from schema.failures import Failure, FailureType
from schema.stream import TICKET_LIFE

BURST = 3  # intervals
OVERDRAWN = 3  # frames that are slowed before they are refused


class FrameBucket:
    """Of one attempt on this node; frames that were due and did not come may come later, up to the window."""

    def __init__(self, window: int) -> None:
        self._most = float(window)
        self._left = 0.0
        self._filled_at: datetime | None = None

    def connected(self, since: datetime, now: datetime, interval: timedelta) -> None:
        """A stream begins. What an earlier process of this node took is not known: it is as if it had not come."""
        if self._filled_at is None:
            self._left, self._filled_at = float(BURST), since - TICKET_LIFE
        self._fill(now, interval)

    def take(self, now: datetime, interval: timedelta) -> timedelta:
        """Count a frame; how long to read nothing after it. Raises TOO_MANY."""
        self._fill(now, interval)
        if self._left < 1 - OVERDRAWN:
            seconds = interval.total_seconds()
            message = (
                f"Pictures come faster than the one every {seconds:g} s that was asked for. Send this one again in "
                f"{OVERDRAWN * seconds:g} s, and take fewer."
            )
            raise Failure(FailureType.TOO_MANY, message, limit=round(seconds * 1000))
        self._left -= 1
        return interval / 2 if self._left < 0 else timedelta()

    def _fill(self, now: datetime, interval: timedelta) -> None:
        if self._filled_at is not None:
            self._left = min(self._most, self._left + (now - self._filled_at) / interval)
        self._filled_at = now
