"""The stretches of days (UTC) that results are computed for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schema.period import ONE_DAY, Unit

__all__ = ["ONE_DAY", "Period", "day_of", "month_before", "month_of", "week_of"]


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
    return _period(Unit.DAY, day)


def week_of(day: date) -> Period:
    """The week from Sunday to Saturday that the day is in: on a Sunday morning the last one is complete."""
    return _period(Unit.WEEK, day)


def month_of(day: date) -> Period:
    """The calendar month that the day is in."""
    return _period(Unit.MONTH, day)


def month_before(month: Period) -> Period:
    """The calendar month before."""
    return month_of(month.start - ONE_DAY)


def _period(unit: Unit, day: date) -> Period:
    return Period(unit.start_of(day), unit.end_of(day) + ONE_DAY)
