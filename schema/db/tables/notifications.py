"""Mails and notifications (schema `proctorwise_notifications`)."""

from sqlalchemy import MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import NAMING, Document, Id, Instant, MaybeInstant, MaybeRef, Name, Ref, Word


class NotificationsTable(DeclarativeBase):
    """The tables of this schema."""

    metadata = MetaData(naming_convention=NAMING)


class MailRow(NotificationsTable):
    """One mail per person and occasion; `message_id` is the header, the same on every retry.

    Whoever moves `next_try_at` on may send it until then; a refused one is never tried again. A held one waits for
    an administrator: after a restore nobody knows whether it was sent.
    """

    __tablename__ = "mail"
    mail_id: Mapped[Id]
    message_id: Mapped[Name] = mapped_column(unique=True)
    person_id: Mapped[Ref]
    attempt_id: Mapped[MaybeRef] = mapped_column(index=True)  # with whose decision log it goes
    template: Mapped[Word]
    data: Mapped[Document]
    created_at: Mapped[Instant]
    sent_at: Mapped[MaybeInstant] = mapped_column(index=True)
    refused_at: Mapped[MaybeInstant]
    next_try_at: Mapped[Instant] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    held_at: Mapped[MaybeInstant] = mapped_column(index=True)


class SentMail(NotificationsTable):
    """A mail that was sent as the log of sent mails knows, while this database had no row of it."""

    __tablename__ = "sent_mail"
    mail_id: Mapped[Id]
    sent_at: Mapped[Instant]


class MailPause(NotificationsTable):
    """No mail is sent from a restore until its repair.

    `taken_at` is how old the copy was; `is_log_whole` says that the log of sent mails outlived what was lost.
    """

    __tablename__ = "mail_pause"
    pause_id: Mapped[Id]
    taken_at: Mapped[Instant]
    is_log_whole: Mapped[bool]
    began_at: Mapped[Instant]
    ended_at: Mapped[MaybeInstant] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(Text, default="")


class NotificationRow(NotificationsTable):
    """A notification for the bell and the WebSocket; `number` orders a person's notifications."""

    __tablename__ = "notification"
    notification_id: Mapped[Id]
    person_id: Mapped[Ref]
    attempt_id: Mapped[MaybeRef] = mapped_column(index=True)  # with whose decision log it goes
    kind: Mapped[Word]
    data: Mapped[Document]
    created_at: Mapped[Instant] = mapped_column(index=True)
    read_at: Mapped[MaybeInstant]
