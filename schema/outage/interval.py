"""Stretches of time, half open, and the arithmetic of sets of them: always in order, apart, and never empty."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schema.model import Message


class Interval(Message):
    """From `start`, included, to `end`, excluded."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Zero where it ends before it starts."""
        return max(self.end - self.start, timedelta(0))


Intervals = tuple[Interval, ...]


def union(intervals: Iterable[Interval]) -> Intervals:
    """The same time, each moment once; neighbours that touch become one."""
    found: list[Interval] = []
    for one in sorted(intervals, key=lambda interval: interval.start):
        if one.end <= one.start:
            continue
        if found and one.start <= found[-1].end:
            found[-1] = Interval(start=found[-1].start, end=max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def subtract(intervals: Iterable[Interval], taken: Iterable[Interval]) -> Intervals:
    """What is in the first and in none of the second."""
    left = union(intervals)
    for away in union(taken):
        left = tuple(piece for one in left for piece in _around(one, away))
    return left


def intersect(intervals: Iterable[Interval], others: Iterable[Interval]) -> Intervals:
    """What is in both."""
    theirs = union(others)
    return union(
        Interval(start=max(one.start, other.start), end=min(one.end, other.end))
        for one in union(intervals)
        for other in theirs
        if one.start < other.end and other.start < one.end
    )


def whole(intervals: Iterable[Interval]) -> Intervals:
    """The whole seconds that they touch: a clock of whole seconds gives back no less than was taken."""
    return union(Interval(start=_second(one.start), end=_next_second(one.end)) for one in intervals)


def total(intervals: Iterable[Interval]) -> timedelta:
    """Their length together, each moment counted once."""
    return sum((one.length for one in union(intervals)), timedelta(0))


def _around(one: Interval, away: Interval) -> Intervals:
    if away.end <= one.start or one.end <= away.start:
        return (one,)
    pieces = (Interval(start=one.start, end=away.start), Interval(start=away.end, end=one.end))
    return tuple(piece for piece in pieces if piece.start < piece.end)


def _second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _next_second(instant: datetime) -> datetime:
    floor = _second(instant)
    return floor if floor == instant else floor + timedelta(seconds=1)
