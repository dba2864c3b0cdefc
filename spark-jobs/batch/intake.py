"""What a job takes in: sound events of a topic once each, what was wrong, and the counts of both."""

from dataclasses import dataclass

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from batch.event_check import checked, happened_in, slim, sound, unsound
from batch.event_file import EventFiles
from batch.period import Period
from schema.events import Topic


@dataclass(frozen=True, slots=True)
class Tally:
    """Lines of the period's files, how many of them went to quarantine, and of the period's events
    how many came more than once or in a later day's file.
    """

    lines_read: int = 0
    lines_quarantined: int = 0
    duplicates: int = 0
    late_events: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.lines_read + other.lines_read,
            self.lines_quarantined + other.lines_quarantined,
            self.duplicates + other.duplicates,
            self.late_events + other.late_events,
        )


@dataclass(frozen=True, slots=True)
class Intake:
    """`events` happened in the period or in the days read after it; `bad` stands in the period's own files."""

    events: DataFrame
    bad: DataFrame
    tally: Tally


def take_in(files: EventFiles, topic: Topic, period: Period, late_days: int, days_after: int) -> Intake:
    """Read the period's files and those of `days_after` days after it.

    A bad line belongs to the run for the day of its file, so it is counted and kept once.
    """
    lines = checked(files.lines(topic, period.days(days_after)), topic, late_days)
    # Parsed and sorted once, read several times. On disk: a day need not fit into memory.
    events = slim(lines).persist(StorageLevel.DISK_ONLY)
    return Intake(sound(events), unsound(events.where(_written_in(period))), _tally(events, period))


def _tally(events: DataFrame, period: Period) -> Tally:
    own, bad = _written_in(period), F.col("problem").isNotNull()
    mine, late = ~bad & happened_in(period), F.col("file_date") > F.to_date("happened_at")
    read, quarantined, again, came_late = events.agg(
        F.count_if(own),
        F.count_if(own & bad),
        F.count_if(mine & (F.col("copy") > 1)),
        F.count_if(mine & (F.col("copy") == 1) & late),
    ).collect()[0]
    return Tally(read, quarantined, again, came_late)


def _written_in(period: Period) -> Column:
    return (F.col("file_date") >= F.lit(period.start)) & (F.col("file_date") < F.lit(period.end))
