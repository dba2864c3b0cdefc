"""Which of the lake's files a job reads, for the ways that do without Spark."""

from datetime import date
from pathlib import Path

from batch.period import Period, day_of, week_of
from bench.jobs.event_load import DAY, WEEK
from schema.events import Topic

LATE_DAYS, REVIEW_DAYS = 2, 30  # the product's defaults


def period_of(job: str) -> Period:
    """What the job computes of a generated load."""
    return day_of(DAY) if job == "daily" else week_of(WEEK)


def topics_of(job: str, lake: Path) -> dict[Topic, list[Path]]:
    """The files of each topic, in their order: those of the period and of the days that may hold late events."""
    if job == "daily":
        days_after = {Topic.ANOMALY_DETECTED: LATE_DAYS, Topic.REVIEW_DECIDED: REVIEW_DAYS}
    else:
        days_after = {Topic.GRADING_COMPLETED: LATE_DAYS}
    days = {topic: list(period_of(job).days(after)) for topic, after in days_after.items()}
    return {
        topic: [file for day in some for file in _files(lake, topic, day)] for topic, some in days.items()
    }


def written_on(file: Path) -> date:
    """The day that a file's folder names."""
    year, month, day = file.parent.parts[-3:]
    return date(int(year), int(month), int(day))


def _files(lake: Path, topic: Topic, day: date) -> list[Path]:
    return sorted((lake / "raw" / "events" / topic / f"{day:%Y/%m/%d}").glob("events*.jsonl"))
