"""The projection of events that the timeline and the live screens read (schema `proctorwise_analytics`)."""

from sqlalchemy import Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import NAMING, Document, Id, Instant, MaybeRef, Ref, Word


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
