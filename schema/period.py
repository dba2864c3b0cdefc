"""Days, weeks and months as the batch jobs count them: whole days in UTC, weeks from Sunday to Saturday."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What one period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start_of(self, day: date) -> date:
        """The first day of the period that the day is in."""
        if self is Unit.MONTH:
            return day.replace(day=1)
        return day - ONE_DAY * (day.isoweekday() % 7) if self is Unit.WEEK else day

    def end_of(self, day: date) -> date:
        """The last day of the period that the day is in."""
        start = self.start_of(day)
        if self is Unit.MONTH:
            return (start + 31 * ONE_DAY).replace(day=1) - ONE_DAY
        return start + 6 * ONE_DAY if self is Unit.WEEK else start

    def starts(self, first: date, last: date) -> Iterator[date]:
        """The first day of each period that has a day from `first` to `last`, both included."""
        start = self.start_of(first)
        while start <= last:
            yield start
            start = self.end_of(start) + ONE_DAY


class Job(StrEnum):
    """The batch jobs, by the names that they write into `job_run`."""

    ANOMALIES = "daily_anomaly_aggregation"
    GRADES = "weekly_grade_analytics"
    PERFORMANCE = "monthly_user_performance"

    @property
    def unit(self) -> Unit:
        """What one run computes."""
        return {Job.ANOMALIES: Unit.DAY, Job.GRADES: Unit.WEEK, Job.PERFORMANCE: Unit.MONTH}[self]
