"""Runs of pictures: a stretch in which they came about as often as was asked, with how many came."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from schema.outage.interval import Interval

REACH = 3  # intervals without a picture end a run
TOLERANCE = 1.25  # a picture stands for a little more than its interval: timers of browsers fire late


class Run(NamedTuple):
    """From its first picture to its last; `interval_ms` is how often they were asked for."""

    start: datetime
    end: datetime
    frames: int
    interval_ms: int

    @property
    def interval(self) -> timedelta:
        """How often pictures were asked for."""
        return timedelta(milliseconds=self.interval_ms)

    @property
    def stretch(self) -> Interval:
        """What it stands for: its last picture too stands for an interval."""
        return Interval(start=self.start, end=self.end + self.interval)

    @property
    def density(self) -> float:
        """The share of its time that its pictures stand for, at most 1."""
        return min(1.0, self.frames * self.interval * TOLERANCE / self.stretch.length)

    def reaches(self, at: datetime, interval_ms: int) -> bool:
        """Whether a picture of this moment belongs to it."""
        reach = REACH * self.interval
        return self.interval_ms == interval_ms and self.start - reach <= at <= self.end + reach

    def with_frame(self, at: datetime) -> "Run":
        """One picture more."""
        return Run(min(self.start, at), max(self.end, at), self.frames + 1, self.interval_ms)

    def with_next(self, later: "Run") -> "Run":
        """Both as one; what lies between counts as time in which too few pictures came."""
        slower = max(self.interval_ms, later.interval_ms)
        return Run(self.start, max(self.end, later.end), self.frames + later.frames, slower)


def joined(runs: Iterable[Run], at: datetime, interval_ms: int) -> list[Run]:
    """The runs, in order, with one picture more: late ones close the gap they were missing from."""
    found = list(runs)
    place = bisect_right(found, at, key=lambda run: run.start)
    for near in (place - 1, place):
        if 0 <= near < len(found) and found[near].reaches(at, interval_ms):
            found[near] = found[near].with_frame(at)
            return _closed(found, near)
    found.insert(place, Run(at, at, 1, interval_ms))
    return found


def _closed(runs: list[Run], place: int) -> list[Run]:
    for left in (place, place - 1):
        if 0 <= left < len(runs) - 1 and runs[left + 1].reaches(runs[left].end, runs[left].interval_ms):
            runs[left : left + 2] = [runs[left].with_next(runs[left + 1])]
    return runs
