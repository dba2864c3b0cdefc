"""How many pictures of a screen an attempt may send: about as many as were asked for since it began."""

from datetime import datetime, timedelta

from schema.failures import Failure, FailureType

AT_ONCE = 3
_BRISK = 1.5  # times as often as asked for: timers of browsers are not exact, and each sharing begins with a picture


class ScreenPace:
    """Counts; what waited on a device during an outage may come at once. None are taken where none are asked for."""

    def __init__(self) -> None:
        self._interval: timedelta | None = None
        self._since: datetime | None = None
        self._taken = 0

    def connected(self, since: datetime, interval_ms: int | None) -> None:
        """A stream begins; `since` is when the attempt's first one did."""
        self._since = since
        self._interval = timedelta(milliseconds=interval_ms) if interval_ms else None

    def admit(self, now: datetime) -> None:
        """Count another picture. Raises FORBIDDEN where none is asked for, TOO_MANY where it came too early."""
        if self._interval is None or self._since is None:
            raise Failure(FailureType.FORBIDDEN, "This exam does not ask for your screen; send none.")
        if self._taken >= AT_ONCE + int((now - self._since) / self._interval * _BRISK):
            every = f"{self._interval.total_seconds():g} s"
            raise Failure(
                FailureType.TOO_MANY, f"One picture of the screen is wanted every {every}; send it later."
            )
        self._taken += 1
