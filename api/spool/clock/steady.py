"""The spool's clock: it follows the machine's and never jumps, so that setting the machine's clock looks like nothing.

Silence, dwell and lateness are differences of times; a step of the machine's clock in between would be taken for
something that a student did.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

SLEW = 0.05  # of the time that passes: so fast does it come back to a clock that was set


class SteadyClock:
    """Callable like any clock; counts on the monotonic one."""

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._counted = monotonic()
        self._now = wall()

    def __call__(self) -> datetime:
        """The present instant, never before the last answer."""
        counted = self._monotonic()
        passed = timedelta(seconds=max(0.0, counted - self._counted))
        self._counted = counted
        self._now += passed
        most = passed * SLEW
        self._now += max(-most, min(most, self._wall() - self._now))
        return self._now

    @property
    def apart(self) -> timedelta:
        """How far the machine's clock is ahead of this one."""
        return self._wall() - self()
