"""The clock of an attempt: deadline = start + duration x accommodation + extra + stopped + owed time, to the second.

The workflow owns it; everyone else reads `deadline_at` and `version`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schema.model import Message
from schema.outage.interval import Interval, Intervals, intersect, subtract, total, union, whole


def to_second(instant: datetime) -> datetime:
    """The instant rounded down to its second."""
    return instant.replace(microsecond=0)


class ExamClock(Message):
    """An immutable clock; every change gives a new one with a higher version.

    `allowed` is duration x accommodation. `cap` ends every deadline (the slot's end, only if the exam says
    so) until an admin lifts it. `stopped_at` is set while the clock stands (paused or terminated). `owed` is what
    the platform took and gave back; `returned` says when that was, `stands` when the clock stood, so that nothing
    is given back twice.
    """

    allowed: timedelta
    cap: datetime | None = None
    started_at: datetime | None = None
    extra: timedelta = timedelta(0)
    stopped: timedelta = timedelta(0)
    owed: timedelta = timedelta(0)
    stopped_at: datetime | None = None
    stands: Intervals = ()
    returned: Intervals = ()
    is_cap_lifted: bool = False
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
        return self._capped(self.started_at + self.allowed + self.extra + self.stopped + self.owed)

    @property
    def pause_slack(self) -> timedelta | None:
        """How long a pause may last, this one included, before it costs time; None where there is no cap."""
        if self.started_at is None or self.cap is None:
            return None
        return max(
            self.cap - (self.started_at + self.allowed + self.extra + self.stopped + self.owed), timedelta(0)
        )

    def ends_if(self, begins: datetime, now: datetime) -> datetime:
        """When time would be up if it began at `begins`, where it has not, and went on now, where it stands."""
        began = self.started_at or begins
        stood = max(now - self.stopped_at, timedelta(0)) if self.stopped_at else timedelta(0)
        return self._capped(began + self.allowed + self.extra + self.stopped + self.owed + stood)

    def start(self, now: datetime, allowed: timedelta | None = None) -> "ExamClock":
        """Arm the deadline; `allowed` is what the student may take as of now."""
        return self._next(started_at=to_second(now), allowed=allowed or self.allowed)

    def leaving(self, time: timedelta, now: datetime) -> "ExamClock":
        """With this much time from now on, more or less than there was."""
        if self.started_at is None:
            return self
        ends = self.started_at + self.allowed + self.extra + self.stopped + self.owed
        return self._next(extra=self.extra + (to_second(now) + time - ends))

    def minus_extra(self, time: timedelta) -> "ExamClock":
        """As it would be without this much of its extra time, to compare with."""
        return self.model_copy(update={"extra": self.extra - time})

    def lift_cap(self) -> "ExamClock":
        """Let no slot end this attempt."""
        return self._next(cap=None, is_cap_lifted=True)

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
        stood = Interval(start=self.stopped_at, end=to_second(now))
        return self._next(
            stopped=self.stopped + stood.length, stopped_at=None, stands=union((*self.stands, stood))
        )

    def unreturned(self, lost: Iterable[Interval], now: datetime) -> Intervals:
        """What of this time the clock ran and nothing was given back for yet, in whole seconds."""
        if self.started_at is None:
            return ()
        ran = whole((Interval(start=self.started_at, end=self.stopped_at or now),))
        mine = subtract(intersect(whole(lost), ran), self.stands)
        return subtract(mine, self.returned)

    def give_back(self, lost: Iterable[Interval], now: datetime) -> "ExamClock":
        """Add what the platform took and has not given back yet."""
        new = self.unreturned(lost, now)
        return self._next(owed=self.owed + total(new), returned=union((*self.returned, *new)))

    def remaining(self, now: datetime) -> timedelta:
        """Time left, never negative; while it stands, what was left when it stopped."""
        if self.started_at is None:
            return self.allowed + self.extra
        stands = self.stopped_at
        deadline = self._capped(self.started_at + self.allowed + self.extra + self.stopped + self.owed)
        return max(deadline - (stands or now), timedelta(0))

    def _capped(self, deadline: datetime) -> datetime:
        return min(deadline, self.cap) if self.cap is not None else deadline

    def _next(self, **changes: object) -> "ExamClock":
        return self.model_copy(update={**changes, "version": self.version + 1})
