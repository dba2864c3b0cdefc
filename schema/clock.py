"""The clock of an attempt: deadline = start + duration x accommodation + extra + stopped time, to the second.

The workflow owns it; everyone else reads `deadline_at` and `version`.
"""

from datetime import datetime, timedelta

from schema.model import Message


def to_second(instant: datetime) -> datetime:
    """The instant rounded down to its second."""
    return instant.replace(microsecond=0)


class ExamClock(Message):
    """An immutable clock; every change gives a new one with a higher version.

    `allowed` is duration x accommodation. `cap` ends every deadline (the slot's end, only if the exam says
    so). `stopped_at` is set while the clock stands (paused or terminated).
    """

    allowed: timedelta
    cap: datetime | None = None
    started_at: datetime | None = None
    extra: timedelta = timedelta(0)
    stopped: timedelta = timedelta(0)
    stopped_at: datetime | None = None
    version: int = 0

    @property
    def is_running(self) -> bool:
        """True between start and stop."""
        return self.started_at is not None and self.stopped_at is None

    @property
    def deadline_at(self) -> datetime | None:
        """When time is up; None before the start and while the clock stands."""
        if self.started_at is None or self.stopped_at is not None:
            return None
        deadline = self.started_at + self.allowed + self.extra + self.stopped
        return min(deadline, self.cap) if self.cap is not None else deadline

    def start(self, now: datetime) -> "ExamClock":
        """Arm the deadline."""
        return self._next(started_at=to_second(now))

    def extend(self, by: timedelta) -> "ExamClock":
        """Give more time, whether running or not."""
        return self._next(extra=self.extra + by)

    def stop(self, now: datetime) -> "ExamClock":
        """Let the clock stand; stopping a standing clock changes nothing."""
        return self if self.stopped_at is not None else self._next(stopped_at=to_second(now))

    def go_on(self, now: datetime) -> "ExamClock":
        """Run again; the time it stood is given back."""
        if self.stopped_at is None:
            return self
        stood = max(to_second(now) - self.stopped_at, timedelta(0))
        return self._next(stopped=self.stopped + stood, stopped_at=None)

    def remaining(self, now: datetime) -> timedelta:
        """Time left, never negative; while it stands, what was left when it stopped."""
        if self.started_at is None:
            return self.allowed + self.extra
        stands = self.stopped_at
        deadline = self.deadline_at or self.started_at + self.allowed + self.extra + self.stopped
        return max(deadline - (stands or now), timedelta(0))

    def _next(self, **changes: object) -> "ExamClock":
        return self.model_copy(update={**changes, "version": self.version + 1})
