"""The stretches of days (UTC) that results are computed for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `start` up to, not including, `end`."""

    start: date
    end: date

    def days(self, after: int = 0) -> Iterator[date]:
        """Its days, and as many after it."""
        day = self.start
        while day < self.end + after * ONE_DAY:
            yield day
            day += ONE_DAY


def day_of(day: date) -> Period:
    """The day itself."""
    return Period(day, day + ONE_DAY)


def week_of(day: date) -> Period:
    """The week from Sunday to Saturday that the day is in: on a Sunday morning the last one is complete."""
    start = day - ONE_DAY * (day.isoweekday() % 7)
    return Period(start, start + 7 * ONE_DAY)


def month_of(day: date) -> Period:
    """The calendar month that the day is in."""
    start = day.replace(day=1)
    return Period(start, (start + 31 * ONE_DAY).replace(day=1))


def month_before(month: Period) -> Period:
    """The calendar month before."""
    return month_of(month.start - ONE_DAY)
