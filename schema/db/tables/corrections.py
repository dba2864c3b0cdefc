"""Answers, marks and reviews, with a projection of deadlines (schema `proctorwise_corrections`)."""

from sqlalchemy import JSON, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import (
    NAMING,
    Document,
    Exact,
    Id,
    Instant,
    MaybeExact,
    MaybeInstant,
    MaybeRef,
    Name,
    Ref,
    Word,
)
from schema.db.tables.outbox import OutboxColumns, ReceiptColumns, SequenceColumns


class CorrectionsTable(DeclarativeBase):
    """The tables of this schema."""

    metadata = MetaData(naming_convention=NAMING)


class AnswerWindow(CorrectionsTable):
    """The projection of an attempt's clock; an answer is one transaction conditional on this row."""

    __tablename__ = "answer_window"
    attempt_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    exam_id: Mapped[Ref]
    student_id: Mapped[Ref]
    cohort_id: Mapped[MaybeRef]
    generation: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int]
    is_open: Mapped[bool]
    started_at: Mapped[MaybeInstant]
    deadline_at: Mapped[MaybeInstant]
    stopped_at: Mapped[MaybeInstant]
    closed_at: Mapped[MaybeInstant]
    clock_version: Mapped[int]
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")  # the last one given to a device
    # Counted up by each answer: a lock of this row holds on one node of a cluster only, a write of it on all.
    answers_judged: Mapped[int] = mapped_column(default=0, server_default="0")
    phase: Mapped[str | None] = mapped_column(String(40), nullable=True)  # why it stands or is closed
    # Marking has taken its snapshot of the closed window: what comes now is late, however soon it comes.
    is_sealed: Mapped[bool] = mapped_column(default=False, server_default="0")


class AnswerRow(CorrectionsTable):
    """The newest counted revision of an answer, by (epoch, revision)."""

    __tablename__ = "answer"
    attempt_id: Mapped[Id]
    question_id: Mapped[Id]
    epoch: Mapped[int]
    revision: Mapped[int]
    value: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    answered_at: Mapped[Instant]
    received_at: Mapped[Instant]
    seconds: Mapped[int] = mapped_column(default=0)


class LateAnswerRow(CorrectionsTable):
    """An answer that arrived after the end; unmarked until an admin accepts it."""

    __tablename__ = "late_answer"
    attempt_id: Mapped[Id]
    question_id: Mapped[Id]
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    answered_at: Mapped[Instant]
    received_at: Mapped[Instant]
    ended_at: Mapped[MaybeInstant]  # the end that it came after
    accepted_by: Mapped[MaybeRef]
    accepted_at: Mapped[MaybeInstant]
    accepted_reason: Mapped[str | None] = mapped_column(Text, nullable=True)


class MarkingRound(CorrectionsTable):
    """One round of marking."""

    __tablename__ = "marking_round"
    attempt_id: Mapped[Id]
    round_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    earned: Mapped[MaybeExact]
    points: Mapped[Exact]
    percent: Mapped[MaybeExact]
    passed: Mapped[bool | None] = mapped_column(nullable=True)
    created_at: Mapped[Instant]
    completed_at: Mapped[MaybeInstant]


class ItemMarkRow(CorrectionsTable):
    """What one question earned in one round, from the snapshot of the answer that was marked."""

    __tablename__ = "item_mark"
    attempt_id: Mapped[Id]
    round_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[Id]
    earned: Mapped[MaybeExact]
    points: Mapped[Exact]
    explanation: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[Word]
    answer: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    criteria: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    seconds: Mapped[int] = mapped_column(default=0)


class ReviewRow(CorrectionsTable):
    """The read model of a review, mirrored from its workflow."""

    __tablename__ = "review"
    review_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    exam_id: Mapped[Ref]
    organisation_id: Mapped[Ref]
    kind: Mapped[Word]
    subject: Mapped[Name]
    round_number: Mapped[int]
    stage: Mapped[Word] = mapped_column(index=True)
    excluded: Mapped[list[str]] = mapped_column(JSON)
    opened_at: Mapped[Instant]
    remind_at: Mapped[Instant]
    escalate_at: Mapped[Instant]
    reminded: Mapped[bool] = mapped_column(default=False)
    escalated: Mapped[bool] = mapped_column(default=False)
    assignee_id: Mapped[MaybeRef]
    decided_by: Mapped[MaybeRef]
    decided_at: Mapped[MaybeInstant]
    outcome: Mapped[str] = mapped_column(String(40), default="")
    verdict: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    version: Mapped[int]
    # schema.review.ReviewState as JSON, for a run that begins again; None from older workers.
    state: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)


class CorrectionsOutbox(OutboxColumns, CorrectionsTable):
    """Events of this schema."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("attempt_id", "sequence"),)


class CorrectionsSequence(SequenceColumns, CorrectionsTable):
    """Sequence counters of this schema."""

    __tablename__ = "event_sequence"


class CorrectionsReceipt(ReceiptColumns, CorrectionsTable):
    """Idempotency receipts."""

    __tablename__ = "receipt"
