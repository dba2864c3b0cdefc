"""People, roles, tokens, and the audit log of what people did (schema `proctorwise_users`)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, MetaData, String, Text, UniqueConstraint, Uuid, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import (
    NAMING,
    Document,
    Exact,
    Id,
    Instant,
    MaybeFolded,
    MaybeInstant,
    MaybeRef,
    Name,
    Ref,
    Word,
)
from schema.db.tables.outbox import ReceiptColumns
from schema.search.folding import fold


class UsersTable(DeclarativeBase):
    """The tables of this schema."""

    metadata = MetaData(naming_convention=NAMING)


class Person(UsersTable):
    """A person who signs in. `duration_factor` is their standing accommodation."""

    __tablename__ = "person"
    person_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    email: Mapped[Name] = mapped_column(unique=True)  # lower case
    display_name: Mapped[Name]
    student_number: Mapped[Name] = mapped_column(default="")
    password_hash: Mapped[str] = mapped_column(String(80))
    time_zone: Mapped[Word] = mapped_column(default="UTC")
    language: Mapped[Word] = mapped_column(default="en")
    cohort_id: Mapped[MaybeRef]
    duration_factor: Mapped[Exact]
    created_at: Mapped[Instant]
    confirmed_at: Mapped[MaybeInstant]
    disabled_at: Mapped[MaybeInstant]
    imported_at: Mapped[MaybeInstant]  # since then name and number belong to the institution
    folded: Mapped[MaybeFolded]  # name, address and number as searches compare them, written with the row


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _fold_person(_mapper: Any, _connection: Any, row: Person) -> None:
    parts = row.display_name, row.email, row.student_number
    row.folded = "\n".join(fold(part or "") for part in parts)


class PendingRegistration(UsersTable):
    """One registration of an address that nobody confirmed yet; there may be several, by different people."""

    __tablename__ = "registration"
    __table_args__ = (
        Index("ix_registration_person", "person_id", "registered_at"),
        Index("ix_registration_registered_at", "registered_at"),
    )
    registration_id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(Uuid(native_uuid=False))
    password_hash: Mapped[str] = mapped_column(String(80))
    display_name: Mapped[Name]
    student_number: Mapped[Name] = mapped_column(default="")
    time_zone: Mapped[Word]
    language: Mapped[Word]
    registered_at: Mapped[Instant]


class PersonRole(UsersTable):
    """One role of one person."""

    __tablename__ = "person_role"
    person_id: Mapped[Id]
    role: Mapped[Word] = mapped_column(primary_key=True)


class Cohort(UsersTable):
    """People who study together, by the name that admins gave; its id is derived from it."""

    __tablename__ = "cohort"
    cohort_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    name: Mapped[Name]
    created_at: Mapped[Instant]


class Accommodation(UsersTable):
    """A change of a person's standing accommodation; the newest one is what `Person.duration_factor` says."""

    __tablename__ = "accommodation"
    accommodation_id: Mapped[Id]
    person_id: Mapped[Ref]
    duration_factor: Mapped[Exact]
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[Ref]
    set_at: Mapped[Instant]


class RefreshToken(UsersTable):
    """A rotating refresh token; using one twice revokes its whole family."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index("ix_refresh_token_alive", "family_id", "used_at"),)  # read for each request
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    family_id: Mapped[Ref]
    person_id: Mapped[Ref]
    expires_at: Mapped[Instant]
    used_at: Mapped[MaybeInstant]
    revoked_at: Mapped[MaybeInstant]


class MailToken(UsersTable):
    """A single-use token sent by mail, for `confirm` or `reset`."""

    __tablename__ = "mail_token"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[Ref]
    purpose: Mapped[Word]
    expires_at: Mapped[Instant]
    used_at: Mapped[MaybeInstant]


class UsersReceipt(ReceiptColumns, UsersTable):
    """Idempotency receipts."""

    __tablename__ = "receipt"


class JournalHead(UsersTable):
    """The newest act of an organisation; each new act locks and moves it, so no two follow the same one."""

    __tablename__ = "journal_head"
    organisation_id: Mapped[Id]
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class ActIntent(UsersTable):
    """An act that was begun (schema.journal.Act as JSON): it is in the audit log once it was done."""

    __tablename__ = "act_intent"
    act_id: Mapped[Id]
    content: Mapped[Document]
    began_at: Mapped[Instant] = mapped_column(index=True)


class JournalEntry(UsersTable):
    """One act; rows are added and never changed."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number", name="uq_journal_number"),
        Index("ix_journal_subject", "subject_id", "number"),
        Index("ix_journal_actor", "actor_id", "number"),
        Index("ix_journal_exam", "exam_id", "number"),
    )
    act_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    number: Mapped[int]
    at: Mapped[Instant]
    actor_id: Mapped[MaybeRef]
    kind: Mapped[Word]
    subject: Mapped[Word]
    subject_id: Mapped[UUID] = mapped_column(Uuid(native_uuid=False))
    exam_id: Mapped[MaybeRef]
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[Document]
    after: Mapped[Document]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
