"""What analysis reads (schema `proctorwise_analytics`): the projection of events that the timeline and the live
screens read, and the results of the batch jobs. A result row names the first day of its period and when it was
computed; no `job_run` row for a period means that it has not been computed yet.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from sqlalchemy import Date, Integer, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import NAMING, Document, Double, Id, Instant, MaybeRef, Ref, Word


class AnalyticsTable(DeclarativeBase):
    """The tables of this schema."""

    metadata = MetaData(naming_convention=NAMING)


class TimelineEvent(AnalyticsTable):
    """An event as it was relayed; readers order by (occurred_at, source, sequence)."""

    __tablename__ = "timeline_event"
    event_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    exam_id: Mapped[Ref]
    student_id: Mapped[Ref]
    organisation_id: Mapped[Ref]
    cohort_id: Mapped[MaybeRef]
    topic: Mapped[Word] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int] = mapped_column(Integer)
    occurred_at: Mapped[Instant]
    relayed_at: Mapped[Instant] = mapped_column(index=True)
    data: Mapped[Document]


# A result's key is natural: computing a period again replaces its rows.
Day = Annotated[date, mapped_column(Date(), primary_key=True)]
KeyId = Annotated[UUID, mapped_column(Uuid(native_uuid=False), primary_key=True)]
KeyWord = Annotated[str, mapped_column(String(40), primary_key=True)]
KeyNumber = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=False)]
Count = Annotated[int, mapped_column(Integer)]
Figure = Annotated[float, mapped_column(Double)]
MaybeCount = Annotated[int | None, mapped_column(Integer, nullable=True)]
MaybeFigure = Annotated[float | None, mapped_column(Double, nullable=True)]


class JobRun(AnalyticsTable):
    """The last run of a job for a period, and what became of the lines it read."""

    __tablename__ = "job_run"
    job: Mapped[KeyWord]
    period_start: Mapped[Day]
    computed_at: Mapped[Instant]
    lines_read: Mapped[Count]
    lines_quarantined: Mapped[Count]
    duplicates: Mapped[Count]
    late_events: Mapped[Count]


class AnomalyDay(AnalyticsTable):
    """Incidents of one day by exam, kind, severity and hour (UTC), and what reviews made of them so far.

    `reviewed` incidents are of attempts with an integrity decision, `cleared` those whose last one cleared.
    `ruled` incidents were ruled on one by one; `false_positives` are those that were none.
    """

    __tablename__ = "anomaly_day"
    period_start: Mapped[Day]
    exam_id: Mapped[KeyId]
    kind: Mapped[KeyWord]
    severity: Mapped[KeyWord]
    hour: Mapped[KeyNumber]
    incidents: Mapped[Count]
    mean_confidence: Mapped[Figure]
    reviewed: Mapped[Count]
    cleared: Mapped[Count]
    share_cleared: Mapped[MaybeFigure]
    ruled: Mapped[Count]
    false_positives: Mapped[Count]
    false_positive_rate: Mapped[MaybeFigure]
    computed_at: Mapped[Instant]


class ExamWeek(AnalyticsTable):
    """Scores of one exam in one week, in percent; `alpha` is None where attempts do not share all items."""

    __tablename__ = "exam_week"
    period_start: Mapped[Day]
    exam_id: Mapped[KeyId]
    attempts: Mapped[Count]
    mean_percent: Mapped[Figure]
    median_percent: Mapped[Figure]
    deviation: Mapped[MaybeFigure]
    lowest_percent: Mapped[Figure]
    highest_percent: Mapped[Figure]
    passed: Mapped[Count]
    pass_rate: Mapped[Figure]
    items: Mapped[Count]
    alpha: Mapped[MaybeFigure]
    computed_at: Mapped[Instant]


class ScoreBucket(AnalyticsTable):
    """Attempts of one exam and week with a score from `from_percent` to the next ten; the last holds 100 too."""

    __tablename__ = "score_bucket"
    period_start: Mapped[Day]
    exam_id: Mapped[KeyId]
    from_percent: Mapped[KeyNumber]
    attempts: Mapped[Count]
    computed_at: Mapped[Instant]


class ItemWeek(AnalyticsTable):
    """One question in one week: difficulty is the mean share of its points that was earned, 0 to 1;
    discrimination the correlation of its score with the rest of the attempt's, -1 to 1.
    """

    __tablename__ = "item_week"
    period_start: Mapped[Day]
    exam_id: Mapped[KeyId]
    question_id: Mapped[KeyId]
    answers: Mapped[Count]
    difficulty: Mapped[MaybeFigure]
    discrimination: Mapped[MaybeFigure]
    mean_seconds: Mapped[MaybeFigure]
    median_seconds: Mapped[MaybeFigure]
    computed_at: Mapped[Instant]


class StudentMonth(AnalyticsTable):
    """One student's month; `trend` is against the mean of the month before, in percentage points."""

    __tablename__ = "student_month"
    period_start: Mapped[Day]
    student_id: Mapped[KeyId]
    attempts: Mapped[Count]
    mean_percent: Mapped[Figure]
    passed: Mapped[Count]
    trend: Mapped[MaybeFigure]
    computed_at: Mapped[Instant]


class CohortMonth(AnalyticsTable):
    """One cohort's month; of a suppressed one (too few students) no figure is kept, not even how few."""

    __tablename__ = "cohort_month"
    period_start: Mapped[Day]
    cohort_id: Mapped[KeyId]
    suppressed: Mapped[bool]
    students: Mapped[MaybeCount]
    attempts: Mapped[MaybeCount]
    mean_percent: Mapped[MaybeFigure]
    pass_rate: Mapped[MaybeFigure]
    trend: Mapped[MaybeFigure]
    computed_at: Mapped[Instant]
