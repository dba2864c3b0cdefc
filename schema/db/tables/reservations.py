"""Exams, slots, attempts and their moves (schema `proctorwise_reservations`)."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    or_,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import (
    NAMING,
    Document,
    Id,
    Instant,
    MaybeFolded,
    MaybeInstant,
    MaybeRef,
    Name,
    Ref,
    Word,
)
from schema.db.tables.outbox import OutboxColumns, ReceiptColumns, SequenceColumns
from schema.search.folding import fold


class ReservationsTable(DeclarativeBase):
    """The tables of this schema."""

    metadata = MetaData(naming_convention=NAMING)


class ExamRow(ReservationsTable):
    """An exam; `version` rises with each change of its content, attempts name the one they use.

    `title` is that of the version that can be booked, or of the newest where none can.
    """

    __tablename__ = "exam"
    exam_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    author_id: Mapped[Ref]
    title: Mapped[Name]
    is_published: Mapped[bool]  # whether the newest version is
    published_version: Mapped[int | None] = mapped_column(Integer, nullable=True)  # what can be booked
    version: Mapped[int]
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    folded_title: Mapped[MaybeFolded]  # as searches compare it, written with the row

    @property
    def offered_version(self) -> int | None:
        """The version that can be booked; rows of before there was a column for it have the newest only."""
        return self.version if self.is_published else self.published_version

    @classmethod
    def is_offered(cls) -> ColumnElement[bool]:
        """Whether a version can be booked."""
        return or_(cls.is_published, cls.published_version.is_not(None))


@event.listens_for(ExamRow, "before_insert")
@event.listens_for(ExamRow, "before_update")
def _fold_title(_mapper: Any, _connection: Any, row: ExamRow) -> None:
    row.folded_title = fold(row.title)


class ExamVersion(ReservationsTable):
    """The whole content of one version of an exam (schema.exam.Exam as JSON); never changed once referred to."""

    __tablename__ = "exam_version"
    exam_id: Mapped[Id]
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[Document]
    created_at: Mapped[Instant]


class SlotRow(ReservationsTable):
    """A time window; a seat is one conditional write on `seats_taken`. `next_number` orders the waitlist."""

    __tablename__ = "slot"
    slot_id: Mapped[Id]
    exam_id: Mapped[Ref]
    starts_at: Mapped[Instant] = mapped_column(index=True)
    ends_at: Mapped[Instant]
    seats: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    next_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]


class AttemptRow(ReservationsTable):
    """The read model of an attempt, mirrored from its workflow.

    `active_key` is `{student}:{exam}` while the attempt is active and NULL afterwards; its UNIQUE
    allows one active attempt per student and exam. `seat_slot_id` is the slot whose seat it holds.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_newest", "organisation_id", "created_at", "attempt_id"),
        Index("ix_attempt_on_hold", "organisation_id", "is_on_hold", "created_at", "attempt_id"),
    )
    attempt_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    exam_id: Mapped[Ref]
    exam_version: Mapped[int]
    student_id: Mapped[Ref]
    cohort_id: Mapped[MaybeRef]
    slot_id: Mapped[Ref]
    seat_slot_id: Mapped[MaybeRef]
    seat_passed_to: Mapped[MaybeRef]  # the attempt that was promoted when this one gave its seat back
    waitlist_number: Mapped[int | None] = mapped_column(Integer, nullable=True)
    active_key: Mapped[str | None] = mapped_column(String(80), unique=True, nullable=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    phase: Mapped[Word] = mapped_column(index=True)
    marking: Mapped[Word]
    integrity: Mapped[Word]
    release: Mapped[Word]
    risk: Mapped[float] = mapped_column(default=0.0)
    version: Mapped[int]
    hold_until: Mapped[Instant]
    started_at: Mapped[MaybeInstant]
    deadline_at: Mapped[MaybeInstant]
    clock_version: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[MaybeInstant]
    clock: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)  # ExamClock
    given: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)  # TimeGiven
    after: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)  # Aftermath
    released_at: Mapped[MaybeInstant]
    coverage: Mapped[Document | None] = mapped_column(
        JSON(none_as_null=True), nullable=True
    )  # once it is final
    checks_done: Mapped[Document]  # {"steps": [...], "send_back_reason": ""}
    admission_escalated: Mapped[bool] = mapped_column(default=False)
    student_is_back: Mapped[bool] = mapped_column(default=False)
    may_resume: Mapped[bool] = mapped_column(default=False)
    identity_photo: Mapped[Name] = mapped_column(default="")
    report_name: Mapped[Name] = mapped_column(default="")
    is_on_hold: Mapped[bool] = mapped_column(default=False)  # blocks deletion
    # The student's as it was when they came in; null before, and for attempts of an older version.
    name_at_door: Mapped[str | None] = mapped_column(String(255), nullable=True)
    number_at_door: Mapped[str | None] = mapped_column(String(255), nullable=True)
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]


class AttemptMove(ReservationsTable):
    """One move of one machine: the decision log."""

    __tablename__ = "attempt_move"
    attempt_id: Mapped[Id]
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    machine: Mapped[Word]
    source: Mapped[Word]
    verb: Mapped[Word]
    target: Mapped[Word]
    actor_role: Mapped[Word]
    actor_id: Mapped[MaybeRef]
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[Document | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    at: Mapped[Instant]


class AttemptSnapshot(ReservationsTable):
    """What an attempt's workflow knew when it wrote the row last (schema.lifecycle.AttemptInput as JSON).

    Another run can go on from it under the next `generation`. `contradicted_at` says that a workflow with another
    past tried to write; `settled_at` that the attempt is over and handed over for retention.
    """

    __tablename__ = "attempt_snapshot"
    attempt_id: Mapped[Id]
    generation: Mapped[int]
    version: Mapped[int]
    content: Mapped[Document]
    contradicted_at: Mapped[MaybeInstant]
    settled_at: Mapped[MaybeInstant] = mapped_column(index=True)
    updated_at: Mapped[Instant]


class OrphanRow(ReservationsTable):
    """A workflow that is not as its row says: what is wrong, since when, and what was done about it."""

    __tablename__ = "orphan"
    orphan_id: Mapped[Id]
    workflow_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[Word]
    trouble: Mapped[Word]
    attempt_id: Mapped[MaybeRef]
    found_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    closed_at: Mapped[MaybeInstant] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(Text, default="")


class AttemptHold(ReservationsTable):
    """Why nothing of an attempt is deleted, who said so, and when it ended; at most one of an attempt stands."""

    __tablename__ = "attempt_hold"
    hold_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[MaybeRef]
    set_at: Mapped[Instant]
    released_by: Mapped[MaybeRef]
    released_at: Mapped[MaybeInstant]
    release_reason: Mapped[str] = mapped_column(Text, default="")


class FurtherSitting(ReservationsTable):
    """A sitting beyond those that the exam allows: who gave it after which attempt, and why; one per attempt."""

    __tablename__ = "further_sitting"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        Index("ix_further_sitting_student", "student_id", "exam_id"),
    )
    sitting_id: Mapped[Id]
    attempt_id: Mapped[UUID] = mapped_column(Uuid(native_uuid=False))
    exam_id: Mapped[UUID] = mapped_column(Uuid(native_uuid=False))
    student_id: Mapped[UUID] = mapped_column(Uuid(native_uuid=False))
    given_by: Mapped[MaybeRef]
    reason: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[Instant]
    told_at: Mapped[MaybeInstant]


class AppealRow(ReservationsTable):
    """The text of an appeal; workflows carry only its id."""

    __tablename__ = "appeal"
    appeal_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant]


class OperationRow(ReservationsTable):
    """One act on many attempts of an exam; `details` holds what else was said: {"by": seconds, "step": ""}."""

    __tablename__ = "operation"
    operation_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    exam_id: Mapped[Ref]
    verb: Mapped[Word]
    actor_role: Mapped[Word]
    actor_id: Mapped[MaybeRef]
    details: Mapped[Document]
    reason: Mapped[str] = mapped_column(Text, default="")  # goes with the first attempt that is purged
    total: Mapped[int]
    created_at: Mapped[Instant]
    finished_at: Mapped[MaybeInstant] = mapped_column(index=True)


class OperationAttempt(ReservationsTable):
    """How one attempt acknowledged an operation; `type` and `why` tell of a refusal."""

    __tablename__ = "operation_attempt"
    __table_args__ = (UniqueConstraint("operation_id", "attempt_id"),)
    operation_id: Mapped[Id]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[Ref]
    state: Mapped[Word]
    type: Mapped[Word] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[MaybeInstant]


class ReservationsOutbox(OutboxColumns, ReservationsTable):
    """Events of this schema."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("attempt_id", "sequence"),)


class ReservationsSequence(SequenceColumns, ReservationsTable):
    """Sequence counters of this schema."""

    __tablename__ = "event_sequence"


class ReservationsReceipt(ReceiptColumns, ReservationsTable):
    """Idempotency receipts."""

    __tablename__ = "receipt"
